using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// Spreads what is sent over time: a debt of bytes that is paid off at the pacing rate. A burst of up to 40 ms of
/// the rate passes at once, so that the packets of one frame leave together when the rate allows. It stores no packets.
/// </summary>
/// <remarks>
/// One owner, no timer of its own: what does not pass waits with the caller, who asks again at <see cref="NextTime"/>.
/// Audio is not asked about, only charged.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public struct Pacer
{
    /// <summary>How much of the rate may leave at once where nothing speaks against it: 40 ms, a frame at 25 frames/s.</summary>
    public static readonly TimeSpan LongBurst = TimeSpan.FromMilliseconds(40);

    /// <summary>How much may leave at once into a queue that is too short for frames: 5 ms.</summary>
    public static readonly TimeSpan ShortBurst = TimeSpan.FromMilliseconds(5);

    // What is charged without asking can be owed up to this long; more would let video starve after a burst of audio or repair.
    private static readonly TimeSpan MostDebt = TimeSpan.FromMilliseconds(500);

    // What is left of a byte by rounding is no debt.
    private const double Dust = 0.001;

    private Bitrate _rate;
    private double _debt; // bytes
    private Instant _last;
    private double _bytesPerTick;
    private double _burstBytes;

    /// <summary>Begins without debt.</summary>
    public Pacer(Bitrate rate, Instant now)
    {
        _last = now;
        Set(rate, LongBurst);
    }

    /// <summary>The pacing rate.</summary>
    public readonly Bitrate Rate => _rate;

    /// <summary>Changes the rate and how much of it may leave at once; what is owed stays owed.</summary>
    public void SetRate(Instant now, Bitrate rate, TimeSpan burst)
    {
        Pay(now);
        Set(rate, burst);
    }

    /// <summary>True when the bytes may leave now; then they are charged.</summary>
    /// <param name="now">The time.</param>
    /// <param name="bytes">Of a packet or of a batch that should stay together. A batch larger than a burst passes when nothing is owed.</param>
    public bool TryPass(Instant now, int bytes)
    {
        Pay(now);
        if (_debt > Dust && _debt + bytes > _burstBytes + Dust)
        {
            return false;
        }

        _debt += bytes;
        return true;
    }

    /// <summary>Charges what leaves without asking: audio, RTCP.</summary>
    public void Charge(Instant now, int bytes)
    {
        Pay(now);
        _debt = Math.Min(_debt + bytes, Math.Max(_debt, BytesIn(MostDebt)));
    }

    /// <summary>When bytes that did not pass will; now or earlier when they would.</summary>
    public readonly Instant NextTime(int bytes)
    {
        double over = Math.Min(_debt, Math.Max(0, _debt + bytes - _burstBytes));

        // Rounded up: who is told the tick before would be refused then, and told the same tick again, for ever.
        return over <= 0 ? _last : _rate <= Bitrate.Zero ? Instant.Never : _last + new TimeSpan((long)Math.Ceiling((over * 8 * TimeSpan.TicksPerSecond / _rate.BitsPerSecond) - 1e-6));
    }

    private void Set(Bitrate rate, TimeSpan burst)
    {
        _rate = rate;
        _bytesPerTick = rate.BitsPerSecond / 8.0 / TimeSpan.TicksPerSecond;
        _burstBytes = BytesIn(burst);
    }

    private readonly double BytesIn(TimeSpan span) => _bytesPerTick * span.Ticks;

    private void Pay(Instant now)
    {
        if (now > _last)
        {
            _debt = Math.Max(0, _debt - BytesIn(now - _last));
            _last = now;
        }
    }
}
