using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>
/// One ICE agent with one data stream and one component (RFC 8445, trickle RFC 8838, consent RFC 7675, TCP candidates RFC 6544), lite or full.
/// Sans-IO: after each call drain <see cref="TryTransmit"/> and <see cref="TryDequeue"/>, and call <see cref="HandleTimeout"/> at <see cref="NextTimeout"/>.
/// </summary>
/// <remarks>
/// One thread at a time: the one that owns the peer. A lite agent allocates nothing per check.
/// The agent itself only sorts what comes in; its parts decide, over one <see cref="IceAgentState"/>.
/// </remarks>
public sealed class IceAgent
{
    /// <summary>Most bytes <see cref="TryTransmit"/> writes.</summary>
    public const int MaxDatagramLength = 640;

    // made by me
    private readonly IceAgentState _state;
    private readonly IcePairing _pairing;
    private readonly IceChecker _checker;
    private readonly IceNomination _nomination;
    private readonly IceConsentKeeper _consent;
    private readonly IceLifecycle _lifecycle;
    private readonly IceRequestHandler _requests;
    private readonly IceResponseHandler _responses;

    /// <summary>Makes an agent in state New.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public IceAgent(IceAgentOptions options, IceCredentials local, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        _state = new(options, local, random);
        _pairing = new(_state);
        _checker = new(_state);
        _nomination = new(_state, _checker);
        _consent = new(_state, _checker);
        _lifecycle = new(_state, _nomination);
        _requests = new(_state, _pairing, _checker, _nomination, _consent, _lifecycle);
        _responses = new(_state, _pairing, _checker, _nomination, _consent);
    }

    /// <summary>The state; changes are told by <see cref="IceEventKind.StateChanged"/>.</summary>
    public IceState State => _state.State;

    /// <summary>Why the state is Failed.</summary>
    public IceFailureReason FailureReason => _state.FailureReason;

    /// <summary>The role now; a conflict may change it.</summary>
    public IceRole Role => _state.Role;

    /// <summary>Lite or full.</summary>
    public IceMode Mode => _state.Options.Mode;

    /// <summary>The credentials in force for new checks; during a restart the old ones are still honoured.</summary>
    public IceCredentials LocalCredentials => _state.Current.Local;

    /// <summary>The peer's credentials, when they are known.</summary>
    public IceCredentials? RemoteCredentials => _state.Current.Remote;

    /// <summary>What we offer the peer, including peer-reflexive candidates it taught us.</summary>
    public IReadOnlyList<IceCandidate> LocalCandidates => _state.Locals.All;

    /// <summary>True while a restart has begun and the old pair still serves.</summary>
    public bool IsRestarting => _state.Previous is not null;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; may lie in the past.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>A copy of the counters.</summary>
    public IceStatistics Statistics => _state.Statistics;

    /// <summary>Adds one of our addresses. At any time: later ones are trickled to the peer by the owner.</summary>
    /// <exception cref="InvalidOperationException">More than <see cref="IceAgentOptions.MaxLocalCandidates"/>.</exception>
    public void AddLocalCandidate(in IceCandidate candidate)
    {
        _pairing.AddLocal(candidate);
        Schedule();
    }

    /// <summary>An address of ours went away: its pairs are over.</summary>
    public void RemoveLocalCandidate(Instant now, TransportAddress baseAddress)
    {
        _state.Locals.Remove(baseAddress);
        _lifecycle.ClosePaths(now, path => path.Local == baseAddress);
        Advance(now);
    }

    /// <summary>The TCP connection of a path was closed: its pairs are over. A selected one is replaced, or fails with RemoteClosed after the consent timeout.</summary>
    public void HandlePathClosed(Instant now, TransportAddress local, TransportAddress remote)
    {
        IcePath closed = _pairing.Canonical(local, remote);
        _lifecycle.ClosePaths(now, path => path == closed);
        Advance(now);
    }

    /// <summary>A candidate from signalling. Duplicates, and more than the limits allow, are ignored and counted; false then.</summary>
    public bool AddRemoteCandidate(Instant now, in IceCandidate candidate)
    {
        if (!_pairing.TryAddRemote(candidate))
        {
            return false;
        }

        Advance(now);
        return true;
    }

    /// <summary>The peer has no more candidates (RFC 8838 §14). Nomination need not wait for better ones; failure still keeps its patience (RFC 8863).</summary>
    public void EndOfRemoteCandidates(Instant now)
    {
        _state.Current.RemoteCandidatesEnded = true;
        Advance(now);
    }

    /// <summary>The peer's credentials. A full agent needs them to check; a lite one to count its patience from now. The same ones again change nothing.</summary>
    public void SetRemoteCredentials(Instant now, IceCredentials remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        if (_state.IsOver || string.Equals(RemoteCredentials?.UsernameFragment, remote.UsernameFragment, StringComparison.Ordinal))
        {
            return;
        }

        _state.Current.SetRemote(remote);
        _lifecycle.BeginChecking(now);
        Advance(now);
    }

    /// <summary>Begins a restart (RFC 8445 §9): new credentials for new checks; the old ones and the old pair serve until a new pair is nominated.</summary>
    public void Restart(Instant now, IceCredentials newLocal)
    {
        ArgumentNullException.ThrowIfNull(newLocal);
        ObjectDisposedException.ThrowIf(State == IceState.Closed, this);
        _lifecycle.Restart(now, newLocal);
        Schedule();
    }

    /// <summary>Takes a STUN datagram. Never throws on what it holds.</summary>
    /// <param name="now">The time.</param>
    /// <param name="local">The base it arrived on: that of a local candidate.</param>
    /// <param name="remote">Where it came from.</param>
    /// <param name="datagram">The datagram; not kept.</param>
    public IceHandleResult Handle(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        IceDropReason reason = Dispatch(now, new(local, remote), datagram);
        if (reason != IceDropReason.None)
        {
            _state.Statistics.CountDrop(reason);
        }

        // Also after a drop: an asymmetric response ends a check.
        Advance(now);
        return new(reason);
    }

    /// <summary>Writes the next datagram to send; false when there is none.</summary>
    /// <exception cref="ArgumentException">The span is shorter than <see cref="MaxDatagramLength"/>.</exception>
    public bool TryTransmit(Instant now, Span<byte> into, out Transmit transmit)
    {
        _ = now;
        if (into.Length < MaxDatagramLength)
        {
            throw new ArgumentException($"At least {MaxDatagramLength} bytes.", nameof(into));
        }

        if (_state.Responses.TryDequeue(out IceResponse response))
        {
            transmit = new(response.Path.Local, response.Path.Remote, IceMessages.WriteResponse(into, response));
            return true;
        }

        if (_state.Checks.TryDequeue(out IceCheck? check))
        {
            _state.Statistics.ChecksRetransmitted += check!.Transmissions > 1 ? 1 : 0;
            transmit = new(check.Pair.Path.Local, check.Pair.Path.Remote, IceMessages.WriteCheck(into, check));
            return true;
        }

        transmit = default;
        return false;
    }

    /// <summary>Takes the next event; false when there is none.</summary>
    public bool TryDequeue(out IceEvent e) => _state.TryDequeue(out e);

    /// <summary>Does what is due.</summary>
    public void HandleTimeout(Instant now) => Advance(now);

    /// <summary>Where media goes: the pair nominated last whose consent has not run out.</summary>
    public bool TryGetSelectedPair(out TransportAddress local, out TransportAddress remote)
    {
        (local, remote) = _state.Path;
        return !_state.Path.IsNone;
    }

    /// <summary>True when the peer proved on this path that it knows a password: DTLS from there may be listened to.</summary>
    public bool IsValidated(TransportAddress local, TransportAddress remote)
    {
        IcePath path = _pairing.Canonical(local, remote);
        return !_state.IsOver
            && (_state.Current.Checklist.Find(path) is { IsValidated: true } || _state.Previous?.Checklist.Find(path) is { IsValidated: true });
    }

    /// <summary>Ends the agent: nothing is sent or accepted any more.</summary>
    public void Close()
    {
        _state.Stop();
        _state.MoveTo(IceState.Closed);
        Schedule();
    }

    private IceDropReason Dispatch(Instant now, IcePath from, ReadOnlySpan<byte> datagram)
    {
        if (_state.IsOver)
        {
            return IceDropReason.Closed; // answering would renew the consent of a peer we no longer serve
        }

        if (!StunMessage.TryParse(datagram, out StunMessage message))
        {
            return IceDropReason.Malformed;
        }

        if (message.Method != StunMethod.Binding)
        {
            return IceDropReason.UnexpectedMethod;
        }

        if (!StunFingerprint.Verify(message))
        {
            return message.HasFingerprint ? IceDropReason.FingerprintMismatch : IceDropReason.FingerprintMissing;
        }

        switch (message.Class)
        {
            case StunClass.Request:
                return _requests.Handle(now, from, message);
            case StunClass.Indication:
                // RFC 8445 §11 — a keepalive: unauthenticated, so it changes nothing.
                _state.Statistics.IndicationsReceived++;
                return IceDropReason.None;
            default:
                return _responses.Handle(now, from, message);
        }
    }

    // What time demands, in this order: old checks end, then what that leaves is judged, then new checks begin.
    private void Advance(Instant now)
    {
        if (!_state.IsOver)
        {
            _checker.ExpireChecks(now);
            _consent.Watch(now);
            _lifecycle.WatchDeadline(now);
        }

        if (_state.IsFull && !_state.IsOver)
        {
            _consent.SendCheck(now);
            _checker.StartChecks(now);
            _nomination.Advance(now);
        }

        Schedule();
    }

    private void Schedule()
    {
        if (_state.IsOver)
        {
            NextTimeout = Instant.Never;
            return;
        }

        Instant next = _state.Serving.Selected is null ? _state.Deadline.At : _consent.NextTimeout;
        NextTimeout = _state.IsFull ? Instant.Min(next, Instant.Min(_checker.NextTimeout, _nomination.NextTimeout)) : next;
    }
}
