using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>Takes the answers to our checks (RFC 8445 §7.2.5): a pair works, fails, or the roles must change.</summary>
/// <remarks>A part of one <see cref="IceAgent"/>.</remarks>
internal sealed class IceResponseHandler(IceAgentState state, IcePairing pairing, IceChecker checker, IceNomination nomination, IceConsentKeeper consent)
{
    public IceDropReason Handle(Instant now, IcePath from, in StunMessage response)
    {
        IceCheck? check = state.Checks.Find(response.TransactionId);
        if (check is null)
        {
            return IceDropReason.UnknownTransaction;
        }

        // A forged response must not end the transaction: authenticate before anything changes (RFC 8489 §9.1.4).
        StunIntegrityResult integrity = StunIntegrity.Verify(response, check.Generation.Remote!.Key);
        if (integrity != StunIntegrityResult.Ok)
        {
            return integrity == StunIntegrityResult.Missing ? IceDropReason.IntegrityMissing : IceDropReason.IntegrityMismatch;
        }

        checker.End(check);
        if (pairing.Canonical(from.Local, from.Remote) != check.Pair.Path)
        {
            IceChecker.Fail(check);
            return IceDropReason.AsymmetricResponse;
        }

        if (response.Class == StunClass.Error)
        {
            TakeError(check, response);
            return IceDropReason.None;
        }

        if (!response.TryGetXorMappedAddress(from.Remote.Protocol, out TransportAddress mapped))
        {
            IceChecker.Fail(check);
            return IceDropReason.BadResponse;
        }

        TakeSuccess(now, check, mapped);
        return IceDropReason.None;
    }

    private void TakeError(IceCheck check, in StunMessage response)
    {
        if (!response.TryGetErrorCode(out StunErrorCode code, out _) || code != StunErrorCode.RoleConflict)
        {
            IceChecker.Fail(check);
            return;
        }

        // RFC 8445 §7.2.5.1 — take the other role, with a new tie-breaker, and check again. A second 487 for the old role changes nothing.
        if (state.Role == check.Role)
        {
            state.SwitchRole();
            state.DrawTieBreaker();
        }

        if (!check.IsConsent && check.Generation == state.Current && !check.IsCancelled)
        {
            check.Pair.MoveTo(IceCandidatePairState.Waiting);
            state.Current.Checklist.Trigger(check.Pair);
        }
    }

    private void TakeSuccess(Instant now, IceCheck check, TransportAddress mapped)
    {
        IceCandidatePair pair = check.Pair;
        IceGeneration generation = check.Generation;
        state.Statistics.ResponsesReceived++;
        pair.MarkValidated(now);
        if (!check.IsConsent)
        {
            pair.MoveTo(IceCandidatePairState.Succeeded);
            generation.Checklist.Unfreeze(pair);
            generation.FirstValidAt = Instant.Min(generation.FirstValidAt, now);
        }

        pairing.LearnLocal(pair, mapped);
        if (check.UseCandidate && !check.IsConsent && state.Role == IceRole.Controlling && check.Role == IceRole.Controlling)
        {
            nomination.Select(now, generation, pair);
        }
        else if (pair.IsNominatedByPeer && state.Role == IceRole.Controlled)
        {
            nomination.Accept(now, generation, pair);
        }

        if (pair == generation.Selected)
        {
            TakeConsent(now, check);
        }
    }

    private void TakeConsent(Instant now, IceCheck check)
    {
        if (check.Transmissions == 1)
        {
            state.Statistics.NoteRoundTrip(now - check.SentAt); // Karn: a retransmitted check does not say which copy was answered
        }

        consent.Renew(now, check.Generation);
    }
}
