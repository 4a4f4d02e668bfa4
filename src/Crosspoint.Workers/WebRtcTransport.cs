using Crosspoint.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Peer;

namespace Crosspoint.Workers;

/// <summary>
/// One WebRTC transport on a worker: a <see cref="PeerSession"/> with a place in a router.
/// Datagrams come in through the worker; media goes out with the worker's flight.
/// </summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class WebRtcTransport : IPacketSink, IDeadline, IDisposable
{
    // Given to me.
    private readonly WorkerPoolOptions _options;
    private readonly Egress _egress;

    // State.
    private bool _isHandshakeTold;
    private PacketChain _departing = PacketChain.Empty;

    public WebRtcTransport(Instant now, WorkerPoolOptions options, Egress egress, HostedRouter router, string id, PeerSession session)
    {
        _options = options;
        _egress = egress;
        GiveUpAt = now + options.UnusedTransportLifetime;
        Router = router;
        Id = id;
        Session = session;
    }

    /// <summary>The id the control plane knows it by.</summary>
    public string Id { get; }

    /// <summary>The router it belongs to.</summary>
    public HostedRouter Router { get; }

    /// <summary>What its router uses of the worker.</summary>
    public Fairness.RouterShare Share => Router.Share;

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

    /// <summary>Its packets in this turn's <see cref="Flight"/>, which keeps it.</summary>
    public ref PacketChain Departing => ref _departing;

    /// <summary>Its datagrams in the worker's <see cref="HandshakeBacklog"/>; kept by it.</summary>
    public int HandshakesWaiting { get; set; }

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
    public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits) =>
        _egress.SendRtp(this, header, prefix, payload, traits);

    /// <inheritdoc/>
    public void SendRtcp(Instant now, ReadOnlySpan<byte> packet) => _egress.SendRtcp(this, packet);

    /// <inheritdoc/>
    public void Dispose()
    {
        IsClosed = true;
        Session.Dispose();
    }
}
