using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>Answers the peer's checks and draws the conclusions (RFC 8445 §7.3): a path is valid, a pair is nominated, we check back.</summary>
/// <remarks>A part of one <see cref="IceAgent"/>.</remarks>
internal sealed class IceRequestHandler(IceAgentState state, IcePairing pairing, IceChecker checker, IceNomination nomination, IceConsentKeeper consent, IceLifecycle lifecycle)
{
    public IceDropReason Handle(Instant now, IcePath from, in StunMessage request)
    {
        IceRequestVerdict verdict = IceRequestGate.Examine(request, state.Current, state.Previous);
        if (!verdict.IsAccepted)
        {
            Respond(request, from, verdict.Error, verdict.Generation, verdict.UnknownAttributes);
            return verdict.Reason;
        }

        IceGeneration generation = verdict.Generation!;
        if (!state.Locals.TryFind(from.Local, from.Remote, out IceCandidate local))
        {
            return IceDropReason.UnknownLocalAddress;
        }

        if (!TryAgreeOnRoles(request))
        {
            Respond(request, from, StunErrorCode.RoleConflict, generation);
            return IceDropReason.RoleConflict;
        }

        IceCandidatePair? pair = pairing.FindOrLearn(generation, local, from.Remote, request);
        if (pair is null)
        {
            return IceDropReason.TooManyCandidates;
        }

        if (!Respond(request, from, StunErrorCode.None, generation))
        {
            return IceDropReason.ResponseQueueFull;
        }

        state.Statistics.ChecksReceived++;
        pair.MarkValidated(now);
        Accept(now, generation, pair, request.HasUseCandidate);
        return IceDropReason.None;
    }

    private void Accept(Instant now, IceGeneration generation, IceCandidatePair pair, bool useCandidate)
    {
        if (useCandidate)
        {
            pair.LastUseCandidate = now;
        }

        if (state.IsFull)
        {
            AcceptAsFull(now, generation, pair, useCandidate && state.Role == IceRole.Controlled);
        }
        else
        {
            AcceptAsLite(now, generation, pair, useCandidate);
        }
    }

    private void AcceptAsLite(Instant now, IceGeneration generation, IceCandidatePair pair, bool useCandidate)
    {
        pair.MoveTo(IceCandidatePairState.Succeeded);
        if (state.State == IceState.New)
        {
            lifecycle.BeginChecking(now);
        }

        // The most recent USE-CANDIDATE wins, so that a peer whose address changed is followed at once.
        if (useCandidate)
        {
            nomination.Select(now, generation, pair);
        }

        if (pair == generation.Selected)
        {
            consent.Renew(now, generation);
        }
    }

    private void AcceptAsFull(Instant now, IceGeneration generation, IceCandidatePair pair, bool nominated)
    {
        pair.IsNominatedByPeer |= nominated;
        if (pair.State == IceCandidatePairState.Succeeded)
        {
            // RFC 8445 §7.3.1.5 — our own check has succeeded before, so the nomination stands at once.
            if (nominated)
            {
                nomination.Accept(now, generation, pair);
            }
        }
        else if (generation == state.Current)
        {
            checker.Trigger(pair); // an old generation serves, it does not explore
        }
    }

    private bool TryAgreeOnRoles(in StunMessage request)
    {
        IceRoleVerdict verdict = IceRoleConflict.Judge(request, state.Options.Mode, state.Role, state.TieBreaker);
        if (verdict == IceRoleVerdict.Switch)
        {
            state.SwitchRole();
        }

        return verdict != IceRoleVerdict.Refuse;
    }

    private bool Respond(in StunMessage request, IcePath path, StunErrorCode error, IceGeneration? generation, ulong unknownAttributes = 0)
    {
        var response = new IceResponse(request.TransactionId, path, error, generation?.Local.Key, request.HasMessageIntegritySha256, unknownAttributes);
        if (!state.Responses.TryEnqueue(response))
        {
            return false;
        }

        if (error == StunErrorCode.None)
        {
            state.Statistics.ResponsesSent++;
        }
        else
        {
            state.Statistics.ErrorResponsesSent++;
        }

        return true;
    }
}
