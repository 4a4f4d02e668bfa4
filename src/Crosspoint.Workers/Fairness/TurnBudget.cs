using Crosspoint.Primitives;

namespace Crosspoint.Workers.Fairness;

/// <summary>
/// How much media one turn routes, and how much of it is one router's. Counted in packets, received and sent; what a packet costs is measured.
/// A worker with several routers that have something keeps its turns short, so that none waits long for another; with one alone nobody
/// waits, and a turn is as long as a flight, which costs less for each packet.
/// </summary>
/// <remarks>Owned by one worker thread. On every packet's way: a few additions and comparisons.</remarks>
/// <param name="turnTime">What a turn should take while several routers have something.</param>
internal sealed class TurnBudget(TimeSpan turnTime)
{
    /// <summary>A flight's worth; see <see cref="Flight"/>.</summary>
    public const int Most = 8192;

    /// <summary>Less would be no batch any more.</summary>
    public const int Least = 512;

    // A turn with less tells more of system calls than of packets.
    private const int Telling = 256;

    // About ten telling turns.
    private const double Smoothing = 0.1;

    // A turn that lost its core for a while tells nothing of packets.
    private const double MostAtOnce = 4;

    // A router's packets come at least this often while it is in use.
    private static readonly TimeSpan MixedFor = TimeSpan.FromMilliseconds(200);

    private RouterShare? _last;
    private Instant _mixedUntil = Instant.Zero;
    private double _packetTicks = 15; // 1.5 µs, until it is measured
    private long _turn;
    private int _spent;

    /// <summary>Packets that this turn may route.</summary>
    public int Total { get; private set; } = Most;

    /// <summary>Packets that one router may have of it, while others may want theirs.</summary>
    public int PerRouter { get; private set; } = Most;

    /// <summary>Packets routed in this turn.</summary>
    public int Spent => _spent;

    /// <summary>True while the turn may route more.</summary>
    public bool HasRoom => _spent < Total;

    /// <summary>A turn begins.</summary>
    public void Begin(Instant now)
    {
        _turn++;
        _spent = 0;
        bool isMixed = now < _mixedUntil;
        Total = isMixed ? (int)Math.Clamp(turnTime.Ticks / _packetTicks, Least, Most) : Most;
        PerRouter = isMixed ? Total / 2 : Most;
    }

    /// <summary>True while a router may have more of this turn.</summary>
    public bool HasRoomFor(RouterShare router) => _spent < Total && (router.Turn != _turn || router.Spent < PerRouter);

    /// <summary>So many packets were received and sent for a router.</summary>
    public void Charge(Instant now, RouterShare router, int packets)
    {
        if (!ReferenceEquals(router, _last))
        {
            _mixedUntil = _last is null ? _mixedUntil : now + MixedFor;
            _last = router;
        }

        _spent += packets;
        router.Spent = router.Turn == _turn ? router.Spent + packets : packets;
        router.Turn = _turn;
    }

    /// <summary>The turn took so long, outside waiting.</summary>
    public void End(TimeSpan busy)
    {
        if (_spent >= Telling)
        {
            double ticks = Math.Clamp(busy.Ticks / (double)_spent, 1, _packetTicks * MostAtOnce);
            _packetTicks += (ticks - _packetTicks) * Smoothing;
        }
    }

    /// <summary>The router is gone.</summary>
    public void Forget(RouterShare router) => _last = ReferenceEquals(router, _last) ? null : _last;
}
