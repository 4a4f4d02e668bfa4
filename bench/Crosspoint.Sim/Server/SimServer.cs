using Crosspoint.Contracts.Rtp;
using Crosspoint.Media;
using Crosspoint.Media.Negotiation;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Server;

/// <summary>The server in the middle: the real router, each transport with a link to and from its peer.</summary>
internal sealed class SimServer : Actor, IDisposable
{
    private static readonly RtpNegotiator Negotiator = new(CodecPolicy.Default);

    private readonly VirtualTime _time;
    private readonly SeededRandomSource _random;

    public SimServer(VirtualTime time, PacketPool pool, RouterOptions options, int seed)
    {
        _time = time;
        _random = new SeededRandomSource(seed);
        Pool = pool;
        Router = new Router(options, _random);
    }

    public Router Router { get; }

    public PacketPool Pool { get; }

    public VirtualTime Time => _time;

    /// <summary>What the router announced, in its order.</summary>
    public event Action<Instant, RouterEvent>? Announced;

    /// <summary>What clients can be offered.</summary>
    public static RtpCapabilities Capabilities => Negotiator.Capabilities;

    /// <inheritdoc/>
    public override Instant NextTimeout => Router.NextTimeout;

    /// <inheritdoc/>
    public override void HandleTimeout(Instant now)
    {
        Router.HandleTimeout(now);
        Settle(now);
    }

    /// <summary>A peer's transport.</summary>
    /// <param name="up">From the peer.</param>
    /// <param name="down">To the peer.</param>
    /// <param name="deliver">Gets what arrives at the peer.</param>
    public ServerPort AddPort(NetPath up, NetPath down, Action<Instant, SimPacket> deliver) => new(this, up, down, deliver);

    /// <summary>A track as its sender describes it.</summary>
    public static ProducerNegotiation Negotiate(MediaKind kind, RtpParameters parameters, string name) => Negotiator.MapProducer(kind, parameters, name);

    /// <summary>A track as its receiver gets it.</summary>
    public ConsumerNegotiation Negotiate(ProducerNegotiation producer, RtpCapabilities capabilities, string mid) =>
        RtpNegotiator.MapConsumer(producer, capabilities, mid, _random);

    /// <summary>After every call into the router: its events, and when it wants to be called.</summary>
    public void Settle(Instant now)
    {
        while (Router.TryDequeue(out RouterEvent routerEvent))
        {
            Announced?.Invoke(now, routerEvent);
        }

        _time.Arm(this);
    }

    /// <inheritdoc/>
    public void Dispose() => Router.Dispose();
}
