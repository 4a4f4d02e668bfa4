using Crosspoint.Primitives;
using Crosspoint.Rtc.Demux;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Peer;

/// <summary>
/// One WebRTC peer connection without any I/O: ICE finds and keeps a path, DTLS runs over it, SRTP takes its keys.
/// Hand it datagrams and the time; it hands back datagrams to send, events, and media in the clear.
/// </summary>
/// <remarks>
/// Owned by one thread. After <c>Handle</c>, <see cref="HandleTimeout"/> or any call that changes something,
/// drain <see cref="TryTransmit"/> and <see cref="TryDequeue"/>, then look at <see cref="NextTimeout"/>.
/// </remarks>
public sealed class PeerSession : IDisposable
{
    // Given to me.
    private readonly PeerSessionOptions _options;

    // Made by me.
    private readonly IceAgent _ice;
    private readonly DtlsSession _dtls;
    private readonly Queue<PeerEvent> _events = new();
    private SrtpProtector? _protector;
    private SrtpUnprotector? _unprotector;

    // State.
    private PeerState _state;
    private Instant _dtlsStartedAt;
    private PeerReason _reason;
    private DtlsRole _role;
    private bool _isDtlsWanted;
    private bool _isDtlsStarted;
    private bool _isClosed;
    private IcePath _validated;
    private PeerStatistics _statistics;

    /// <summary>Makes a peer that knows its own credentials and certificate and nothing of the other side.</summary>
    public PeerSession(PeerSessionOptions options, DtlsIdentity identity, IceCredentials local, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _ice = new IceAgent(options.Ice, local, random);
        _dtls = new DtlsSession(identity, options.Dtls);
    }

    /// <summary>The ICE agent, for candidates, credentials, restart and statistics.</summary>
    public IceAgent Ice => _ice;

    /// <summary>Where the peer stands.</summary>
    public PeerState State => _state;

    /// <summary>Why it stands there.</summary>
    public PeerReason Reason => _reason;

    /// <summary>The SRTP profile in use; <see cref="SrtpProfile.None"/> until the keys exist.</summary>
    public SrtpProfile Profile => _protector?.Profile ?? SrtpProfile.None;

    /// <summary>What protection adds to an RTP packet, in bytes; 0 until the keys exist.</summary>
    public int RtpExpansion { get; private set; }

    /// <summary>True when keys exist and ICE has a selected pair with consent.</summary>
    public bool CanSendMedia => _protector is not null && _state is PeerState.Connected or PeerState.Disconnected;

    /// <summary>Counters; a reference, so that reading costs nothing.</summary>
    public ref readonly PeerStatistics Statistics => ref _statistics;

    /// <summary>From the start of DTLS, when ICE has a path, to keys for SRTP; null before there are keys.</summary>
    public TimeSpan? HandshakeTime { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> must be called at the latest.</summary>
    public Instant NextTimeout => _isClosed ? Instant.Never : Instant.Min(_ice.NextTimeout, _isDtlsStarted ? _dtls.NextTimeout : Instant.Never);

    /// <summary>
    /// The remote certificate's fingerprints and our DTLS role, from signalling; once.
    /// The handshake begins as soon as ICE has validated a path, so that its clock does not run while ICE searches.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public void StartDtls(Instant now, DtlsRole role, IReadOnlyList<DtlsFingerprint> remoteFingerprints)
    {
        if (_isDtlsWanted)
        {
            throw new InvalidOperationException("DTLS was started before.");
        }

        _isDtlsWanted = true;
        _role = role;
        _dtls.SetRemoteFingerprints(remoteFingerprints);
        AfterChange(now);
    }

    /// <summary>New local credentials; media goes on over the old path until the peer has moved (RFC 8445 §9). Brings a peer back whose ICE failed.</summary>
    public void RestartIce(Instant now, IceCredentials credentials)
    {
        _ice.Restart(now, credentials);
        AfterChange(now);
    }

    /// <summary>
    /// Takes one datagram. For <see cref="PeerInput.Rtp"/> and <see cref="PeerInput.Rtcp"/> the first
    /// <paramref name="length"/> bytes of <paramref name="datagram"/> are the packet in the clear.
    /// </summary>
    public PeerInput Handle(Instant now, in TransportAddress local, in TransportAddress remote, Span<byte> datagram, out int length) =>
        Handle(now, local, remote, PacketClassifier.Classify(datagram), datagram, out length);

    /// <summary>The same for a datagram that the caller has classified.</summary>
    public PeerInput Handle(Instant now, in TransportAddress local, in TransportAddress remote, PacketClass packetClass, Span<byte> datagram, out int length)
    {
        _statistics.DatagramsReceived++;
        _statistics.BytesReceived += datagram.Length;
        length = 0;
        return packetClass switch
        {
            PacketClass.Rtp => HandleRtp(local, remote, datagram, out length),
            PacketClass.Rtcp => HandleRtcp(local, remote, datagram, out length),
            PacketClass.Stun => HandleStun(now, local, remote, datagram),
            PacketClass.Dtls => HandleDtls(now, local, remote, datagram),
            _ => Drop(PeerDropReason.Unclassified),
        };
    }

    /// <summary>The TCP connection of a path was closed: nothing comes or goes over it any more (RFC 6544 §12).</summary>
    public void HandlePathClosed(Instant now, in TransportAddress local, in TransportAddress remote)
    {
        if (!_isClosed)
        {
            _validated = IcePath.None;
            _ice.HandlePathClosed(now, local, remote);
            AfterChange(now);
        }
    }

    /// <summary>Does what time demands.</summary>
    public void HandleTimeout(Instant now)
    {
        if (_isClosed)
        {
            return;
        }

        _ice.HandleTimeout(now);
        if (_isDtlsStarted)
        {
            _dtls.HandleTimeout(now);
        }

        AfterChange(now);
    }

    /// <summary>The next STUN or DTLS datagram to send; false when there is none.</summary>
    public bool TryTransmit(Instant now, Span<byte> into, out Transmit transmit)
    {
        if (_ice.TryTransmit(now, into, out transmit))
        {
            return true;
        }

        if (_isDtlsStarted && TryGetDtlsPath(out IcePath path) && _dtls.TryTransmit(now, into, out int length))
        {
            transmit = new Transmit(path.Local, path.Remote, length);
            return true;
        }

        transmit = default;
        return false;
    }

    /// <summary>The next event; false when there is none.</summary>
    public bool TryDequeue(out PeerEvent peerEvent) => _events.TryDequeue(out peerEvent);

    /// <summary>Where media goes; false before ICE has a selected pair.</summary>
    public bool TryGetPath(out TransportAddress local, out TransportAddress remote) => _ice.TryGetSelectedPair(out local, out remote);

    /// <summary>Protects an RTP packet straight into <paramref name="into"/>; returns its length, 0 when it could not.</summary>
    public int ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> into) =>
        _protector is null ? 0 : CountSent(_protector.ProtectRtp(header, payload, into));

    /// <summary>
    /// The same as part of a batch: <paramref name="packet"/> begins with the header, and may be sent after <see cref="SrtpBatch.Complete"/>;
    /// see <see cref="SrtpProtector.ProtectRtp(SrtpBatch, Span{byte}, int, ReadOnlySpan{byte})"/> for what must stay until then.
    /// </summary>
    public int ProtectRtp(SrtpBatch batch, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload) =>
        _protector is null ? 0 : CountSent(_protector.ProtectRtp(batch, packet, headerLength, payload));

    /// <summary>Protects a compound RTCP packet into <paramref name="into"/>; returns its length, 0 when it could not.</summary>
    public int ProtectRtcp(ReadOnlySpan<byte> packet, Span<byte> into) =>
        _protector is null ? 0 : CountSent(_protector.ProtectRtcp(packet, into));

    /// <summary>Says goodbye (close_notify, to be drained by <see cref="TryTransmit"/>) and wipes the keys.</summary>
    public void Close(Instant now)
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        if (_isDtlsStarted)
        {
            _dtls.Close(now);
        }

        WipeMediaKeys();
        MoveTo(PeerState.Closed, PeerReason.ClosedByUs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isClosed = true;
        WipeMediaKeys();
        _dtls.Dispose();
    }

    /// <summary>True when ICE has validated this path: media, and a DTLS handshake, may come over it.</summary>
    public bool IsValidated(in TransportAddress local, in TransportAddress remote)
    {
        // The last one is remembered, so that a media packet costs two comparisons.
        if (remote == _validated.Remote && local == _validated.Local)
        {
            return true;
        }

        if (!_ice.IsValidated(local, remote))
        {
            return false;
        }

        _validated = new IcePath(local, remote);
        return true;
    }

    private PeerInput HandleRtp(in TransportAddress local, in TransportAddress remote, Span<byte> datagram, out int length)
    {
        length = 0;
        if (MayNotSendMedia(local, remote, out PeerInput drop))
        {
            return drop;
        }

        if (!RtpPacket.TryParseHeader(datagram, out RtpPacket packet))
        {
            return Drop(PeerDropReason.RtpMalformed);
        }

        SrtpResult result = _unprotector!.UnprotectRtp(datagram, packet.HeaderLength, out length);
        if (result != SrtpResult.Ok)
        {
            return DropSrtp(result);
        }

        _statistics.RtpPacketsReceived++;
        return PeerInput.Rtp;
    }

    private PeerInput HandleRtcp(in TransportAddress local, in TransportAddress remote, Span<byte> datagram, out int length)
    {
        length = 0;
        if (MayNotSendMedia(local, remote, out PeerInput drop))
        {
            return drop;
        }

        SrtpResult result = _unprotector!.UnprotectRtcp(datagram, out length);
        if (result != SrtpResult.Ok)
        {
            return DropSrtp(result);
        }

        _statistics.RtcpPacketsReceived++;
        return PeerInput.Rtcp;
    }

    private PeerInput HandleStun(Instant now, in TransportAddress local, in TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        IceHandleResult result = _ice.Handle(now, local, remote, datagram);
        AfterChange(now);
        return result.Reason == IceDropReason.None ? PeerInput.Consumed : Drop(PeerDropReason.StunRefused);
    }

    private PeerInput HandleDtls(Instant now, in TransportAddress local, in TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        // RFC 8445 §12.2 and the amplification rules of RFC 9147 §5.1: a handshake costs us a signature and a large
        // flight, so only an address that answered a connectivity check may start one.
        if (!IsValidated(local, remote))
        {
            return Drop(PeerDropReason.DtlsFromUnvalidatedSource);
        }

        if (!_isDtlsWanted || _isClosed)
        {
            return Drop(PeerDropReason.DtlsNotStarted);
        }

        StartWantedDtls(now);
        _dtls.Handle(now, datagram);
        AfterChange(now);
        return PeerInput.Consumed;
    }

    private bool MayNotSendMedia(in TransportAddress local, in TransportAddress remote, out PeerInput drop)
    {
        drop = PeerInput.Dropped;
        if (_unprotector is null)
        {
            drop = Drop(PeerDropReason.MediaBeforeKeys);
            return true;
        }

        if (!IsValidated(local, remote))
        {
            drop = Drop(PeerDropReason.MediaFromUnvalidatedSource);
            return true;
        }

        return false;
    }

    // The handshake may run over a validated path before ICE has selected one; media never does.
    private bool TryGetDtlsPath(out IcePath path)
    {
        if (_ice.TryGetSelectedPair(out TransportAddress local, out TransportAddress remote))
        {
            path = new IcePath(local, remote);
            return true;
        }

        path = _validated;
        return !path.IsNone;
    }

    private void StartWantedDtls(Instant now)
    {
        if (_isDtlsWanted && !_isDtlsStarted)
        {
            _isDtlsStarted = true;
            _dtlsStartedAt = now;
            _dtls.Start(now, _role);
        }
    }

    // What ICE and DTLS say decides what the peer is; nothing else does.
    private void AfterChange(Instant now)
    {
        while (_ice.TryDequeue(out IceEvent iceEvent))
        {
            Take(iceEvent);
        }

        if (_ice.TryGetSelectedPair(out _, out _))
        {
            StartWantedDtls(now);
        }

        while (_isDtlsStarted && _dtls.TryDequeue(out _))
        {
            // The states below are read, not the events: several may have passed at once.
        }

        if (_isDtlsStarted && _dtls.State == DtlsState.Connected)
        {
            TakeKeys(now);
        }

        (PeerState state, PeerReason reason) = Derive();
        MoveTo(state, reason);
    }

    private void Take(in IceEvent iceEvent)
    {
        switch (iceEvent.Kind)
        {
            case IceEventKind.SelectedPairChanged:
                _events.Enqueue(new PeerEvent(PeerEventKind.PathChanged, _state, _reason, iceEvent.Selected));
                break;
            case IceEventKind.StateChanged or IceEventKind.Restarted:
                // What was validated may be so no longer; the next packet asks again.
                _validated = IcePath.None;
                break;
            default:
                break;
        }
    }

    private void TakeKeys(Instant now)
    {
        if (_protector is null && !_isClosed && _dtls.TryExportSrtpKeys(out SrtpKeyingMaterial? keys))
        {
            using (keys)
            {
                HandshakeTime = now - _dtlsStartedAt;
                _protector = new SrtpProtector(keys!.Send, _options.Srtp);
                RtpExpansion = SrtpProfileParameters.Of(_protector.Profile).RtpExpansion;
                _unprotector = new SrtpUnprotector(keys.Receive, _options.Srtp);
            }
        }
    }

    private (PeerState State, PeerReason Reason) Derive()
    {
        if (_isClosed)
        {
            return (PeerState.Closed, PeerReason.ClosedByUs);
        }

        if (_isDtlsStarted && _dtls.State is DtlsState.Failed or DtlsState.Closed)
        {
            WipeMediaKeys();
            return (PeerState.Failed, ReasonOf(_dtls.CloseReason));
        }

        return _ice.State switch
        {
            IceState.Failed => (PeerState.Failed, ReasonOf(_ice.FailureReason)),
            IceState.Disconnected when _protector is not null => (PeerState.Disconnected, PeerReason.IceSilent),
            IceState.Connected when _protector is not null => (PeerState.Connected, PeerReason.None),
            // A restart keeps the selected pair, and with it the connection.
            IceState.Checking when _protector is not null && _ice.TryGetSelectedPair(out _, out _) => (PeerState.Connected, PeerReason.None),
            IceState.New when !_isDtlsWanted => (PeerState.New, PeerReason.None),
            _ => (PeerState.Connecting, PeerReason.None),
        };
    }

    private static PeerReason ReasonOf(IceFailureReason reason) =>
        reason is IceFailureReason.ConsentExpired or IceFailureReason.RemoteClosed ? PeerReason.IceConsentExpired : PeerReason.IceChecksFailed;

    private static PeerReason ReasonOf(DtlsCloseReason reason) => reason switch
    {
        DtlsCloseReason.RemoteClosed => PeerReason.ClosedByPeer,
        DtlsCloseReason.HandshakeTimeout => PeerReason.DtlsTimeout,
        DtlsCloseReason.FingerprintMismatch or DtlsCloseReason.FingerprintUnsupported => PeerReason.DtlsFingerprintMismatch,
        DtlsCloseReason.InternalError => PeerReason.InternalError,
        _ => PeerReason.DtlsFailed,
    };

    private void MoveTo(PeerState to, PeerReason reason)
    {
        if (_state == to)
        {
            return;
        }

        if (!PeerStateTransitions.IsLegal(_state, to))
        {
            throw new InvalidOperationException($"A peer does not go from {_state} to {to}.");
        }

        _state = to;
        _reason = reason;
        _ = _ice.TryGetSelectedPair(out TransportAddress local, out TransportAddress remote);
        _events.Enqueue(new PeerEvent(PeerEventKind.StateChanged, to, reason, new IcePath(local, remote)));
    }

    private void WipeMediaKeys()
    {
        _protector?.Dispose();
        _unprotector?.Dispose();
        _protector = null;
        _unprotector = null;
    }

    private PeerInput Drop(PeerDropReason reason)
    {
        _statistics.Drops.Add(reason);
        return PeerInput.Dropped;
    }

    private PeerInput DropSrtp(SrtpResult result) => Drop(result switch
    {
        SrtpResult.AuthenticationFailed => PeerDropReason.SrtpAuthenticationFailed,
        SrtpResult.Replayed or SrtpResult.TooOld => PeerDropReason.SrtpReplayed,
        _ => PeerDropReason.SrtpRefused,
    });

    private int CountSent(int length)
    {
        if (length > 0)
        {
            _statistics.MediaPacketsSent++;
            _statistics.MediaBytesSent += length;
        }

        return length;
    }
}
