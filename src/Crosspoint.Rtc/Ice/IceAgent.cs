using System.Diagnostics;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>
/// One ICE agent with one data stream and one component (RFC 8445, trickle RFC 8838, consent RFC 7675, TCP candidates RFC 6544), lite or full.
/// Sans-IO: after each call drain <see cref="TryTransmit"/> and <see cref="TryDequeue"/>, and call <see cref="HandleTimeout"/> at <see cref="NextTimeout"/>.
/// </summary>
/// <remarks>One thread at a time: the one that owns the peer. A lite agent allocates nothing per check.</remarks>
public sealed class IceAgent
{
    /// <summary>Most bytes <see cref="TryTransmit"/> writes.</summary>
    public const int MaxDatagramLength = 640;

    // given to me
    private readonly IceAgentOptions _options;
    private readonly IRandomSource _random;

    // made by me
    private readonly IceLocalCandidates _locals;
    private readonly IceChecksInFlight _checks;
    private readonly IceResponseQueue _responses;
    private readonly Queue<IceEvent> _events = new();

    // state
    private IceGeneration _current;
    private IceGeneration? _previous;
    private IcePath _announcedPath;
    private ulong _tieBreaker;
    private Instant _nextPacing;
    private Instant _deadline = Instant.Never;
    private IceFailureReason _deadlineReason;
    private IceStatistics _statistics;

    /// <summary>Makes an agent in state New.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public IceAgent(IceAgentOptions options, IceCredentials local, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        _options = options;
        _random = random;
        _locals = new(options);
        _checks = new(options.MaxTransmissions);
        _responses = new(options.MaxQueuedResponses);
        _current = new(local, options);
        Role = options.Mode == IceMode.Lite ? IceRole.Controlled : options.Role;
        DrawTieBreaker();
    }

    /// <summary>The state; changes are told by <see cref="IceEventKind.StateChanged"/>.</summary>
    public IceState State { get; private set; }

    /// <summary>Why the state is Failed.</summary>
    public IceFailureReason FailureReason { get; private set; }

    /// <summary>The role now; a conflict may change it.</summary>
    public IceRole Role { get; private set; }

    /// <summary>Lite or full.</summary>
    public IceMode Mode => _options.Mode;

    /// <summary>The credentials in force for new checks; during a restart the old ones are still honoured.</summary>
    public IceCredentials LocalCredentials => _current.Local;

    /// <summary>The peer's credentials, when they are known.</summary>
    public IceCredentials? RemoteCredentials => _current.Remote;

    /// <summary>What we offer the peer, including peer-reflexive candidates it taught us.</summary>
    public IReadOnlyList<IceCandidate> LocalCandidates => _locals.All;

    /// <summary>True while a restart has begun and the old pair still serves.</summary>
    public bool IsRestarting => _previous is not null;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; may lie in the past.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>A copy of the counters.</summary>
    public IceStatistics Statistics => _statistics;

    private bool IsOver => State is IceState.Closed or IceState.Failed;

    /// <summary>Whose pair serves now.</summary>
    private IceGeneration Serving => _current.Selected is null && _previous is not null ? _previous : _current;

    /// <summary>Adds one of our addresses. At any time: later ones are trickled to the peer by the owner.</summary>
    /// <exception cref="InvalidOperationException">More than <see cref="IceAgentOptions.MaxLocalCandidates"/>.</exception>
    public void AddLocalCandidate(in IceCandidate candidate)
    {
        _locals.Add(candidate);
        foreach (IceCandidate remote in _current.RemoteCandidates)
        {
            Pair(candidate, remote);
        }

        Schedule();
    }

    /// <summary>An address of ours went away: its pairs are over.</summary>
    public void RemoveLocalCandidate(Instant now, TransportAddress baseAddress)
    {
        _locals.Remove(baseAddress);
        ClosePaths(now, path => path.Local == baseAddress);
    }

    /// <summary>The TCP connection of a path was closed: its pairs are over. A selected one is replaced, or fails with RemoteClosed after the consent timeout.</summary>
    public void HandlePathClosed(Instant now, TransportAddress local, TransportAddress remote)
    {
        TransportAddress canonical = CanonicalLocal(local, remote);
        ClosePaths(now, path => path.Remote == remote && path.Local == canonical);
    }

    /// <summary>A candidate from signalling. Duplicates, and more than the limits allow, are ignored and counted; false then.</summary>
    public bool AddRemoteCandidate(Instant now, in IceCandidate candidate)
    {
        // RFC 6544 §6.2 — nobody can connect to an active candidate; it will connect to us.
        if (IsOver || candidate.Address.Ip == UInt128.Zero || candidate.TcpType == IceTcpType.Active)
        {
            return false;
        }

        if (IsKnownRemote(candidate.Address))
        {
            return false;
        }

        if (_current.RemoteCandidates.Count >= _options.MaxRemoteCandidates)
        {
            _statistics.CountDrop(IceDropReason.TooManyCandidates);
            return false;
        }

        _current.RemoteCandidates.Add(candidate);
        foreach (IceCandidate local in _locals.All)
        {
            Pair(local, candidate);
        }

        Advance(now);
        return true;
    }

    /// <summary>The peer has no more candidates (RFC 8838 §14). Nomination need not wait for better ones; failure still keeps its patience (RFC 8863).</summary>
    public void EndOfRemoteCandidates(Instant now)
    {
        _current.RemoteCandidatesEnded = true;
        Advance(now);
    }

    /// <summary>The peer's credentials. A full agent needs them to check; a lite one to count its patience from now. The same ones again change nothing.</summary>
    public void SetRemoteCredentials(Instant now, IceCredentials remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        if (IsOver || (_current.Remote is not null && string.Equals(_current.Remote.UsernameFragment, remote.UsernameFragment, StringComparison.Ordinal)))
        {
            return;
        }

        _current.SetRemote(remote);
        BeginChecking(now);
        Advance(now);
    }

    /// <summary>Begins a restart (RFC 8445 §9): new credentials for new checks; the old ones and the old pair serve until a new pair is nominated.</summary>
    public void Restart(Instant now, IceCredentials newLocal)
    {
        ArgumentNullException.ThrowIfNull(newLocal);
        ObjectDisposedException.ThrowIf(State == IceState.Closed, this);
        if (_current.Selected is not null && State != IceState.Failed)
        {
            DropPrevious();
            _previous = _current;
        }
        else
        {
            _checks.RemoveAll(_current);
        }

        _current = new(newLocal, _options);
        _locals.ForgetPeerReflexive();
        DrawTieBreaker();
        _deadline = Instant.Never;
        _deadlineReason = IceFailureReason.None;
        _events.Enqueue(new(IceEventKind.Restarted));
        if (State is IceState.Failed or IceState.Checking || (State == IceState.Disconnected && _previous is null))
        {
            BeginChecking(now);
        }
        else if (State != IceState.New)
        {
            _deadline = now + _options.ConnectTimeout;
        }

        Schedule();
    }

    /// <summary>Takes a STUN datagram. Never throws on what it holds.</summary>
    /// <param name="now">The time.</param>
    /// <param name="local">The base it arrived on: that of a local candidate.</param>
    /// <param name="remote">Where it came from.</param>
    /// <param name="datagram">The datagram; not kept.</param>
    public IceHandleResult Handle(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        IceDropReason reason = Dispatch(now, local, remote, datagram);
        if (reason != IceDropReason.None)
        {
            _statistics.CountDrop(reason);
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

        if (_responses.TryDequeue(out IceResponse response))
        {
            transmit = new(response.Path.Local, response.Path.Remote, IceMessages.WriteResponse(into, response));
            return true;
        }

        if (_checks.TryDequeue(out IceCheck? check))
        {
            _statistics.ChecksRetransmitted += check!.Transmissions > 1 ? 1 : 0;
            transmit = new(check.Pair.Path.Local, check.Pair.Path.Remote, IceMessages.WriteCheck(into, check));
            return true;
        }

        transmit = default;
        return false;
    }

    /// <summary>Takes the next event; false when there is none.</summary>
    public bool TryDequeue(out IceEvent e) => _events.TryDequeue(out e);

    /// <summary>Does what is due.</summary>
    public void HandleTimeout(Instant now) => Advance(now);

    /// <summary>Where media goes: the pair nominated last whose consent has not run out.</summary>
    public bool TryGetSelectedPair(out TransportAddress local, out TransportAddress remote)
    {
        (local, remote) = _announcedPath;
        return !_announcedPath.IsNone;
    }

    /// <summary>True when the peer proved on this path that it knows a password: DTLS from there may be listened to.</summary>
    public bool IsValidated(TransportAddress local, TransportAddress remote)
    {
        var path = new IcePath(CanonicalLocal(local, remote), remote);
        return !IsOver && (_current.Checklist.Find(path) is { IsValidated: true } || _previous?.Checklist.Find(path) is { IsValidated: true });
    }

    /// <summary>Ends the agent: nothing is sent or accepted any more.</summary>
    public void Close()
    {
        if (State != IceState.Closed)
        {
            Stop();
            MoveTo(IceState.Closed);
        }
    }

    private IceDropReason Dispatch(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (IsOver)
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
                return HandleRequest(now, local, remote, message);
            case StunClass.Indication:
                // RFC 8445 §11 — a keepalive: unauthenticated, so it changes nothing.
                _statistics.IndicationsReceived++;
                return IceDropReason.None;
            default:
                return HandleResponse(now, local, remote, message);
        }
    }

    // ---- requests (RFC 8445 §7.3)
    private IceDropReason HandleRequest(Instant now, TransportAddress local, TransportAddress remote, in StunMessage request)
    {
        var from = new IcePath(local, remote);
        IceRequestVerdict verdict = IceRequestGate.Examine(request, _current, _previous);
        if (!verdict.IsAccepted)
        {
            Respond(request, from, verdict.Error, verdict.Generation, verdict.UnknownAttributes);
            return verdict.Reason;
        }

        IceGeneration generation = verdict.Generation!;
        if (!_locals.TryFind(local, remote, out IceCandidate candidate))
        {
            return IceDropReason.UnknownLocalAddress;
        }

        if (!TryAgreeOnRoles(request))
        {
            Respond(request, from, StunErrorCode.RoleConflict, generation);
            return IceDropReason.RoleConflict;
        }

        IceCandidatePair? pair = FindOrLearn(generation, candidate, remote, request);
        if (pair is null)
        {
            return IceDropReason.TooManyCandidates;
        }

        if (!Respond(request, from, StunErrorCode.None, generation))
        {
            return IceDropReason.ResponseQueueFull;
        }

        _statistics.ChecksReceived++;
        pair.MarkValidated(now);
        AcceptCheck(now, generation, pair, request.HasUseCandidate);
        return IceDropReason.None;
    }

    private void AcceptCheck(Instant now, IceGeneration generation, IceCandidatePair pair, bool useCandidate)
    {
        if (useCandidate)
        {
            pair.LastUseCandidate = now;
        }

        if (_options.Mode == IceMode.Full)
        {
            TriggerCheck(now, generation, pair, useCandidate && Role == IceRole.Controlled);
            return;
        }

        pair.MoveTo(IceCandidatePairState.Succeeded);
        if (State == IceState.New)
        {
            BeginChecking(now);
        }

        // The most recent USE-CANDIDATE wins, so that a peer whose address changed is followed at once.
        if (useCandidate)
        {
            Select(now, generation, pair);
        }

        if (pair == generation.Selected)
        {
            RenewConsent(now, generation);
        }
    }

    private void TriggerCheck(Instant now, IceGeneration generation, IceCandidatePair pair, bool nominated)
    {
        pair.IsNominatedByPeer |= nominated;
        if (pair.State == IceCandidatePairState.Succeeded)
        {
            // RFC 8445 §7.3.1.5 — our own check has succeeded before, so the nomination stands at once.
            if (nominated)
            {
                AcceptNomination(now, generation, pair);
            }

            return;
        }

        if (generation != _current)
        {
            return; // an old generation serves, it does not explore
        }

        // RFC 8445 §7.3.1.4 — a check under way is cancelled and begun anew: what kept it from arriving may just have been opened from the other side.
        if (pair.Check is { } running)
        {
            running.IsCancelled = true;
        }

        pair.Check = null;
        pair.MoveTo(IceCandidatePairState.Waiting);
        generation.Checklist.Trigger(pair);
    }

    private bool TryAgreeOnRoles(in StunMessage request)
    {
        switch (IceRoleConflict.Judge(request, _options.Mode, Role, _tieBreaker))
        {
            case IceRoleVerdict.Refuse:
                return false;
            case IceRoleVerdict.Switch:
                SwitchTo(Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling);
                return true;
            default:
                return true;
        }
    }

    private IceCandidatePair? FindOrLearn(IceGeneration generation, in IceCandidate local, TransportAddress remote, in StunMessage request)
    {
        if (generation.Checklist.Find(new(local.Base, remote)) is { } known)
        {
            return known;
        }

        // RFC 8445 §7.3.1.3 — an address that signalling did not bring: a peer-reflexive candidate with the priority the check claims.
        request.TryGetUInt32(StunAttributeType.Priority, out uint priority);
        MakeRoomForPeerReflexive(generation);
        bool tcp = remote.Protocol == TransportProtocol.Tcp;
        var candidate = new IceCandidate
        {
            Address = remote,
            Type = IceCandidateType.PeerReflexive,
            TcpType = tcp ? (local.TcpType == IceTcpType.Passive ? IceTcpType.Active : IceTcpType.Passive) : IceTcpType.None,
            Component = local.Component,
            Priority = priority,
            Foundation = "prflx",
        };
        var pair = new IceCandidatePair(local, candidate);
        return generation.Checklist.TryAdd(pair, Role) ? pair : null;
    }

    private void MakeRoomForPeerReflexive(IceGeneration generation)
    {
        int count = 0;
        IceCandidatePair? oldest = null;
        foreach (IceCandidatePair pair in generation.Checklist.Pairs)
        {
            if (pair.Remote.Type == IceCandidateType.PeerReflexive)
            {
                count++;
                oldest = pair != generation.Selected && (oldest is null || pair.LastHeard < oldest.LastHeard) ? pair : oldest;
            }
        }

        if (count >= _options.MaxPeerReflexiveCandidates && oldest is not null)
        {
            _checks.RemoveAll(oldest);
            oldest.MarkClosed();
            generation.Checklist.Remove(oldest);
        }
    }

    private bool Respond(in StunMessage request, IcePath path, StunErrorCode error, IceGeneration? generation, ulong unknownAttributes = 0)
    {
        var response = new IceResponse(request.TransactionId, path, error, generation?.Local.Key, request.HasMessageIntegritySha256, unknownAttributes);
        if (!_responses.TryEnqueue(response))
        {
            return false;
        }

        if (error == StunErrorCode.None)
        {
            _statistics.ResponsesSent++;
        }
        else
        {
            _statistics.ErrorResponsesSent++;
        }

        return true;
    }

    // ---- responses (RFC 8445 §7.2.5)
    private IceDropReason HandleResponse(Instant now, TransportAddress local, TransportAddress remote, in StunMessage response)
    {
        IceCheck? check = _checks.Find(response.TransactionId);
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

        EndCheck(check);
        if (remote != check.Pair.Path.Remote || CanonicalLocal(local, remote) != check.Pair.Path.Local)
        {
            FailCheck(check);
            return IceDropReason.AsymmetricResponse;
        }

        if (response.Class == StunClass.Error)
        {
            HandleErrorResponse(check, response);
            return IceDropReason.None;
        }

        if (!response.TryGetXorMappedAddress(remote.Protocol, out TransportAddress mapped))
        {
            FailCheck(check);
            return IceDropReason.BadResponse;
        }

        AcceptResponse(now, check, mapped);
        return IceDropReason.None;
    }

    private void HandleErrorResponse(IceCheck check, in StunMessage response)
    {
        if (!response.TryGetErrorCode(out StunErrorCode code, out _) || code != StunErrorCode.RoleConflict)
        {
            FailCheck(check);
            return;
        }

        // RFC 8445 §7.2.5.1 — take the other role, with a new tie-breaker, and check again. A second 487 for the old role changes nothing.
        if (Role == check.Role)
        {
            SwitchTo(Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling);
            DrawTieBreaker();
        }

        if (!check.IsConsent && check.Generation == _current && !check.IsCancelled)
        {
            check.Pair.MoveTo(IceCandidatePairState.Waiting);
            _current.Checklist.Trigger(check.Pair);
        }
    }

    private void AcceptResponse(Instant now, IceCheck check, TransportAddress mapped)
    {
        IceCandidatePair pair = check.Pair;
        IceGeneration generation = check.Generation;
        _statistics.ResponsesReceived++;
        pair.MarkValidated(now);
        if (!check.IsConsent)
        {
            pair.MoveTo(IceCandidatePairState.Succeeded);
            generation.Checklist.Unfreeze(pair);
            generation.FirstValidAt = Instant.Min(generation.FirstValidAt, now);
        }

        LearnLocal(pair, mapped);
        if (check.UseCandidate && !check.IsConsent && Role == IceRole.Controlling && check.Role == IceRole.Controlling)
        {
            Select(now, generation, pair);
        }
        else if (pair.IsNominatedByPeer && Role == IceRole.Controlled)
        {
            AcceptNomination(now, generation, pair);
        }

        if (pair == generation.Selected)
        {
            if (check.Transmissions == 1)
            {
                _statistics.NoteRoundTrip(now - check.SentAt); // Karn: a retransmitted check does not say which copy was answered
            }

            RenewConsent(now, generation);
        }
    }

    // RFC 8445 §7.2.5.3.1. The new candidate shares its base with the one the check left from, so no new pair is needed to send from there.
    private void LearnLocal(IceCandidatePair pair, TransportAddress mapped)
    {
        var candidate = new IceCandidate
        {
            Address = mapped,
            Base = pair.Local.Base,
            Type = IceCandidateType.PeerReflexive,
            TcpType = pair.Local.TcpType,
            Component = pair.Local.Component,
            Priority = IcePriority.AsPeerReflexive(pair.Local.Priority),
            Foundation = IceFoundation.Of(IceCandidateType.PeerReflexive, pair.Local.Base, pair.Local.TcpType),
            RelatedAddress = pair.Local.Base,
        };
        if (mapped != pair.Local.Address && _locals.TryAddPeerReflexive(candidate))
        {
            _events.Enqueue(new(IceEventKind.LocalCandidatePrflx, Candidate: candidate));
        }
    }

    private void EndCheck(IceCheck check)
    {
        _checks.Remove(check);
        if (check.Pair.Check == check)
        {
            check.Pair.Check = null;
        }
    }

    private void FailCheck(IceCheck check)
    {
        if (!check.IsConsent && !check.IsCancelled && check.Pair != check.Generation.Selected)
        {
            check.Pair.MoveTo(IceCandidatePairState.Failed);
        }
    }

    // ---- nomination (RFC 8445 §8)
    private void Nominate(Instant now)
    {
        IceCandidatePair? best = NominationCandidate();
        if (best is null || now < NominationTime(best))
        {
            return;
        }

        // One check per nomination, so it does not wait for its turn in the pacing.
        StartCheck(now, best, useCandidate: true);
    }

    private IceCandidatePair? NominationCandidate()
    {
        bool wanted = _options.Mode == IceMode.Full && Role == IceRole.Controlling && !IsOver
            && (_current.Selected is null || State == IceState.Disconnected)
            && !_checks.HasNomination(_current);
        return wanted ? _current.Checklist.BestSucceeded() : null;
    }

    private Instant NominationTime(IceCandidatePair best)
    {
        // Nothing better can come when nothing better is pending, and either the peer has told everything or both ends are hosts.
        bool direct = best.Local.Type == IceCandidateType.Host && best.Remote.Type is IceCandidateType.Host or IceCandidateType.PeerReflexive;
        bool settled = !_current.Checklist.HasPendingAbove(best.Priority) && (direct || _current.RemoteCandidatesEnded);
        return settled ? Instant.Zero : _current.FirstValidAt + _options.NominationDelay;
    }

    /// <summary>
    /// A controlled full agent follows its peer. One that nominates aggressively (every check carries the flag, RFC 5245) gets the highest pair;
    /// a lower one is taken only when the selected pair has not been confirmed for longer than checks are apart.
    /// </summary>
    private void AcceptNomination(Instant now, IceGeneration generation, IceCandidatePair pair)
    {
        IceCandidatePair? selected = generation.Selected;
        bool follow = selected is null || selected == pair || pair.Priority > selected.Priority || State == IceState.Disconnected
            || now - selected.LastUseCandidate > _options.ConsentInterval / 2;
        if (follow)
        {
            Select(now, generation, pair);
        }
    }

    private void Select(Instant now, IceGeneration generation, IceCandidatePair pair)
    {
        if (generation == _previous && _current.Selected is not null)
        {
            return;
        }

        bool changed = generation.Selected != pair;
        generation.Selected = pair;
        if (generation == _current)
        {
            DropPrevious();
        }

        if (changed)
        {
            generation.Consent.Renew(now);
            if (_options.Mode == IceMode.Full)
            {
                generation.Consent.ScheduleNext(now, _random);
            }
        }

        if (generation == _current)
        {
            _deadline = Instant.Never;
            _deadlineReason = IceFailureReason.None;
        }

        AnnouncePath();
        MoveTo(IceState.Connected);
    }

    private void AnnouncePath()
    {
        IcePath path = Serving.Selected?.Path ?? default;
        if (path == _announcedPath)
        {
            return;
        }

        _events.Enqueue(new(IceEventKind.SelectedPairChanged, Previous: _announcedPath, Selected: path));
        _announcedPath = path;
        _statistics.SelectedPairChanges++;
    }

    // ---- time
    private void Advance(Instant now)
    {
        if (!IsOver)
        {
            ExpireChecks(now);
            WatchConsent(now);
            WatchDeadline(now);
            if (_options.Mode == IceMode.Full && !IsOver)
            {
                SendConsentCheck(now);
                StartChecks(now);
                Nominate(now);
            }
        }

        Schedule();
    }

    private void ExpireChecks(Instant now)
    {
        while (_checks.NextTimeout <= now && _checks.TryExpire(now, out IceCheck? expired))
        {
            EndCheck(expired!);
            FailCheck(expired!);
        }
    }

    private void WatchConsent(Instant now)
    {
        IceGeneration serving = Serving;
        if (serving.Selected is null)
        {
            return;
        }

        if (now >= serving.Consent.ExpiresAt)
        {
            ExpireConsent(now, serving);
        }
        else if (State == IceState.Connected && now >= serving.Consent.DisconnectedAt)
        {
            MoveTo(IceState.Disconnected);
            ReviveChecks();
        }
    }

    private void ExpireConsent(Instant now, IceGeneration serving)
    {
        if (serving == _previous && now < _deadline)
        {
            // The restart may still succeed; until then there is nowhere to send.
            DropPrevious();
            AnnouncePath();
            MoveTo(IceState.Checking);
            return;
        }

        Fail(IceFailureReason.ConsentExpired);
    }

    private void WatchDeadline(Instant now)
    {
        if (now < _deadline || IsOver || Serving.Selected is not null)
        {
            return; // a restart that does not succeed ends with the old pair's consent, not before
        }

        Fail(_deadlineReason != IceFailureReason.None ? _deadlineReason
            : _current.Checklist.Pairs.Count == 0 ? IceFailureReason.NoCandidatePairs
            : IceFailureReason.ChecksTimedOut);
    }

    private void RenewConsent(Instant now, IceGeneration generation)
    {
        generation.Consent.Renew(now);
        _statistics.ConsentRenewals++;
        if (State == IceState.Disconnected && generation == Serving)
        {
            MoveTo(IceState.Connected);
        }
    }

    private void SendConsentCheck(Instant now)
    {
        IceGeneration serving = Serving;
        if (serving.Selected is not { } pair || serving.Remote is null || now < serving.Consent.NextCheckAt)
        {
            return;
        }

        serving.Consent.ScheduleNext(now, _random);
        _statistics.ConsentChecksSent++;
        // A controlling agent repeats USE-CANDIDATE: when a NAT gave us a new address, the peer learns at once which pair is in use.
        Start(now, serving, pair, Role == IceRole.Controlling, isConsent: true);
    }

    private void StartChecks(Instant now)
    {
        while (_current.Remote is not null && now >= _nextPacing && _current.Checklist.Next(WantsOrdinaryChecks) is { } pair)
        {
            StartCheck(now, pair, useCandidate: false);
        }
    }

    // After nomination only triggered checks are sent (RFC 8445 §8.1.2), until silence makes every other path interesting again.
    private bool WantsOrdinaryChecks => _current.Selected is null || State == IceState.Disconnected;

    private void StartCheck(Instant now, IceCandidatePair pair, bool useCandidate)
    {
        if (pair.State != IceCandidatePairState.Succeeded)
        {
            pair.MoveTo(pair.State == IceCandidatePairState.InProgress ? pair.State : IceCandidatePairState.Waiting);
            pair.MoveTo(IceCandidatePairState.InProgress);
        }

        _nextPacing = now + _options.Pacing;
        _statistics.ChecksSent++;
        pair.Check = Start(now, _current, pair, useCandidate, isConsent: false);
    }

    private IceCheck Start(Instant now, IceGeneration generation, IceCandidatePair pair, bool useCandidate, bool isConsent)
    {
        var check = new IceCheck
        {
            Id = StunTransactionId.Create(_random),
            Generation = generation,
            Pair = pair,
            Role = Role,
            TieBreaker = _tieBreaker,
            UseCandidate = useCandidate,
            IsConsent = isConsent,
            SentAt = now,
        };

        // RFC 8445 §14.3 — with many checks outstanding each waits longer, so that retransmissions keep the pace too.
        TimeSpan paced = _options.Pacing * generation.Checklist.PendingCount;
        _checks.Start(now, check, paced > _options.RetransmissionTimeout ? paced : _options.RetransmissionTimeout);
        return check;
    }

    private void ReviveChecks()
    {
        if (_options.Mode == IceMode.Full && _current.Selected is not null)
        {
            _current.Checklist.Revive();
            _current.FirstValidAt = Instant.Never;
        }
    }

    private void Schedule()
    {
        NextTimeout = Instant.Never;
        if (IsOver)
        {
            return;
        }

        IceGeneration serving = Serving;
        NextTimeout = serving.Selected is null
            ? _deadline
            : State == IceState.Connected ? serving.Consent.DisconnectedAt : serving.Consent.ExpiresAt;
        if (_options.Mode == IceMode.Full)
        {
            ScheduleChecks(serving);
        }
    }

    private void ScheduleChecks(IceGeneration serving)
    {
        NextTimeout = Instant.Min(NextTimeout, _checks.NextTimeout);
        if (serving.Selected is not null)
        {
            NextTimeout = Instant.Min(NextTimeout, serving.Consent.NextCheckAt);
        }

        if (_current.Remote is not null && _current.Checklist.HasNext(WantsOrdinaryChecks))
        {
            NextTimeout = Instant.Min(NextTimeout, _nextPacing);
        }

        if (NominationCandidate() is { } best)
        {
            NextTimeout = Instant.Min(NextTimeout, NominationTime(best));
        }
    }

    // ---- pairs and roles
    private void Pair(in IceCandidate local, in IceCandidate remote)
    {
        // RFC 8445 §6.1.2.2 — same component and family; a reflexive local one would be replaced by its base, which is paired already (§6.1.2.4).
        bool sensible = local.Component == remote.Component && local.Address.Protocol == remote.Address.Protocol
            && local.Address.IsIPv4 == remote.Address.IsIPv4 && local.Type is IceCandidateType.Host or IceCandidateType.Relayed
            && AreOpposite(local.TcpType, remote.TcpType);
        if (_options.Mode == IceMode.Lite || !sensible)
        {
            return;
        }

        if (_current.Checklist.Find(new(local.Base, remote.Address)) is { } known)
        {
            AdoptSignalled(known, remote);
        }
        else if (!_current.Checklist.TryAdd(new(local, remote), Role))
        {
            _statistics.CountDrop(IceDropReason.TooManyCandidates);
        }
    }

    // A check outran its candidate: now the peer-reflexive one gets its real type and priority (RFC 8838 §11.3).
    private void AdoptSignalled(IceCandidatePair pair, in IceCandidate remote)
    {
        if (pair.Remote.Type == IceCandidateType.PeerReflexive)
        {
            pair.Remote = remote;
            _current.Checklist.Reprioritize(Role);
        }
    }

    // RFC 6544 §6.2, figure 2: a passive local candidate waits to be connected to.
    private static bool AreOpposite(IceTcpType local, IceTcpType remote) => (local, remote) switch
    {
        (IceTcpType.None, IceTcpType.None) => true,
        (IceTcpType.Active, IceTcpType.Passive) => true,
        (IceTcpType.SimultaneousOpen, IceTcpType.SimultaneousOpen) => true,
        _ => false,
    };

    private bool IsKnownRemote(TransportAddress address)
    {
        foreach (IceCandidate known in _current.RemoteCandidates)
        {
            if (known.Address == address)
            {
                return true;
            }
        }

        return false;
    }

    private TransportAddress CanonicalLocal(TransportAddress local, TransportAddress remote) =>
        _locals.TryFind(local, remote, out IceCandidate candidate) ? candidate.Base : local;

    private void SwitchTo(IceRole role)
    {
        Role = role;
        _current.Checklist.Reprioritize(role);
        _previous?.Checklist.Reprioritize(role);
        _events.Enqueue(new(IceEventKind.RoleChanged, Role: role));
    }

    private void DrawTieBreaker()
    {
        Span<byte> bytes = stackalloc byte[8];
        _random.Fill(bytes);
        _tieBreaker = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private void ClosePaths(Instant now, Predicate<IcePath> matches)
    {
        foreach (IceCandidatePair pair in _current.Checklist.Pairs)
        {
            if (matches(pair.Path))
            {
                _checks.RemoveAll(pair);
                pair.MarkClosed();
            }
        }

        if (_previous?.Selected is { } old && matches(old.Path))
        {
            DropPrevious();
        }

        if (_current.Selected is { } selected && matches(selected.Path))
        {
            ReplaceSelected(now);
        }

        AnnouncePath();
        if (State == IceState.Connected && Serving.Selected is null)
        {
            MoveTo(IceState.Disconnected);
        }

        Advance(now);
    }

    private void ReplaceSelected(Instant now)
    {
        _current.Selected = null;
        _deadline = now + _options.ConsentTimeout;
        _deadlineReason = IceFailureReason.RemoteClosed;
        IceCandidatePair? next = null;
        foreach (IceCandidatePair pair in _current.Checklist.Pairs)
        {
            bool usable = pair.State == IceCandidatePairState.Succeeded && pair.LastUseCandidate != default;
            next = usable && (next is null || pair.LastUseCandidate > next.LastUseCandidate) ? pair : next;
        }

        if (next is not null && _options.Mode == IceMode.Lite)
        {
            Select(now, _current, next);
        }
    }

    private void DropPrevious()
    {
        if (_previous is not null)
        {
            _checks.RemoveAll(_previous);
            _previous = null;
        }
    }

    private void BeginChecking(Instant now)
    {
        if (_current.Selected is null)
        {
            _deadline = now + _options.ConnectTimeout;
        }

        if (State is IceState.New or IceState.Failed || (State == IceState.Disconnected && Serving.Selected is null))
        {
            MoveTo(IceState.Checking);
        }
    }

    private void Fail(IceFailureReason reason)
    {
        Stop();
        FailureReason = reason;
        MoveTo(IceState.Failed);
    }

    private void Stop()
    {
        _checks.Clear();
        _responses.Clear();
        DropPrevious();
        _current.Selected = null;
        _current.Checklist.ClearTriggered();
        AnnouncePath();
        _deadline = Instant.Never;
        NextTimeout = Instant.Never;
    }

    private void MoveTo(IceState state)
    {
        if (state == State)
        {
            return;
        }

        Debug.Assert(IceStateTransitions.IsAllowed(State, state), $"{State} → {state}");
        State = state;
        FailureReason = state == IceState.Failed ? FailureReason : IceFailureReason.None;
        _events.Enqueue(new(IceEventKind.StateChanged, state, FailureReason));
    }
}
