using Crosspoint.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;

namespace Crosspoint.Workers;

/// <summary>
/// One WebRTC transport on a worker: a <see cref="PeerSession"/> with a place in a router.
/// Datagrams come in through the worker; media goes out by protecting straight into the worker's send batch.
/// </summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class WebRtcTransport : IPacketSink, IDeadline, IDisposable
{
    // Given to me.
    private readonly WorkerPoolOptions _options;
    private readonly Egress _egress;
    private readonly WorkerMeters _meters;

    // State.
    private bool _isHandshakeTold;

    public WebRtcTransport(Instant now, WorkerPoolOptions options, Egress egress, WorkerMeters meters, HostedRouter router, string id, PeerSession session)
    {
        _options = options;
        _egress = egress;
        _meters = meters;
        GiveUpAt = now + options.UnusedTransportLifetime;
        Router = router;
        Id = id;
        Session = session;
    }

    /// <summary>The id the control plane knows it by.</summary>
    public string Id { get; }

    /// <summary>The router it belongs to.</summary>
    public HostedRouter Router { get; }

    /// <summary>Its place in the router.</summary>
    public RouterTransport Port { get; set; } = null!;

    /// <summary>The protocols.</summary>
    public PeerSession Session { get; }

    /// <summary>The UDP addresses the demultiplexer maps to it, oldest first; kept by the <see cref="Demultiplexer"/>.</summary>
    public List<TransportAddress> Sources { get; } = [];

    /// <summary>Its TCP connections, oldest first; kept by the <see cref="TcpSide"/>.</summary>
    public List<TcpRoute> Connections { get; } = [];

    /// <summary>User name fragments the demultiplexer maps to it: the current one and, after a restart, the one before.</summary>
    public List<string> Fragments { get; } = [];

    /// <inheritdoc/>
    public int HeapIndex { get; set; } = -1;

    /// <summary>True once TRANSPORT_CONNECT was taken.</summary>
    public bool IsConnectRequested { get; private set; }

    /// <summary>When the worker closes it because its peer did not come, or did not come back; never while it is connected.</summary>
    public Instant GiveUpAt { get; private set; }

    /// <summary>When it wants to be looked at.</summary>
    public Instant NextTimeout => Instant.Min(Session.NextTimeout, GiveUpAt);

    /// <summary>True when it is closed and forgotten.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The CNAME of tracks whose parameters name none: one for the transport, so that its tracks stay in step.</summary>
    public string CanonicalName => Id;

    /// <summary>True while it is in the worker's list of transports to drain this turn.</summary>
    public bool IsMarked { get; set; }

    /// <inheritdoc/>
    public bool IsReady => Session.CanSendMedia;

    /// <summary>How long DTLS took, once.</summary>
    public TimeSpan? TakeHandshakeTime()
    {
        TimeSpan? time = _isHandshakeTold ? null : Session.HandshakeTime;
        _isHandshakeTold |= time is not null;
        return time;
    }

    /// <summary>TRANSPORT_CONNECT came: the peer will be here soon, or not at all.</summary>
    public void ExpectPeer(Instant now)
    {
        IsConnectRequested = true;
        GiveUpAt = now + _options.UnconnectedTransportLifetime;
    }

    /// <summary>Follows what became of the peer.</summary>
    public void Note(Instant now, PeerState state) => GiveUpAt = state switch
    {
        PeerState.Connected or PeerState.Disconnected => Instant.Never,
        PeerState.Failed => now + _options.UnconnectedTransportLifetime,
        _ => GiveUpAt,
    };

    /// <inheritdoc/>
    public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        if (!TryReserve(header.Length + payload.Length, out Span<byte> room, out IcePath path))
        {
            return;
        }

        int length = Session.ProtectRtp(header, payload, room);
        if (Commit(room, length, path))
        {
            _meters.Counters.RtpSent++;
        }
    }

    /// <inheritdoc/>
    public void SendRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
        if (TryReserve(packet.Length, out Span<byte> room, out IcePath path))
        {
            Commit(room, Session.ProtectRtcp(packet, room), path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        Session.Dispose();
    }

    private bool TryReserve(int plainLength, out Span<byte> room, out IcePath path)
    {
        if (!Session.CanSendMedia || !Session.TryGetPath(out TransportAddress local, out TransportAddress remote))
        {
            _meters.Counters.Drops.Add(WorkerDropReason.NoPath);
            room = default;
            path = default;
            return false;
        }

        path = new IcePath(local, remote);
        room = _egress.Reserve(plainLength + MediaOverhead);
        return true;
    }

    // SRTCP: 4 bytes of index and a tag of at most 16 (RFC 7714 §9); rounded up.
    private const int MediaOverhead = 32;

    private bool Commit(ReadOnlySpan<byte> room, int length, in IcePath path)
    {
        if (length <= 0)
        {
            _meters.Counters.Drops.Add(WorkerDropReason.ProtectFailed);
            return false;
        }

        return _egress.Commit(room, length, path.Local, path.Remote);
    }
}
