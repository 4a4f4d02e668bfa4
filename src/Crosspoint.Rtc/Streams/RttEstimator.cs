using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Streams;

/// <summary>Round-trip time of a path from reports that quote ours (RFC 3550 §6.4.1: A − LSR − DLSR), smoothed as RFC 6298 §2 does.</summary>
/// <remarks>One owner.</remarks>
public struct RttEstimator
{
    // Longer is a forged or stale report: nobody is in a call over a minute's round trip.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>True once a sample has been taken.</summary>
    public bool HasSample { get; private set; }

    /// <summary>The last sample.</summary>
    public TimeSpan Last { get; private set; }

    /// <summary>The smoothed value.</summary>
    public TimeSpan Smoothed { get; private set; }

    /// <summary>The least sample.</summary>
    public TimeSpan Minimum { get; private set; }

    /// <summary>The smoothed value, or a guess while there is none.</summary>
    public readonly TimeSpan Or(TimeSpan guess) => HasSample ? Smoothed : guess;

    /// <summary>Takes the quote of a report block or DLRR entry; false when it quotes nothing or cannot be true.</summary>
    /// <param name="now">Our wallclock, on the clock that stamped the quoted report.</param>
    /// <param name="quoted">LSR or LRR.</param>
    /// <param name="delay">DLSR or DLRR.</param>
    public bool Update(NtpTimestamp now, NtpShort quoted, NtpShort delay)
    {
        if (quoted == NtpShort.Zero)
        {
            return false;
        }

        // A difference just below zero is rounding and clock drift of the other side, not time travel.
        int units = (int)(now.Middle.Value - quoted.Value - delay.Value);
        TimeSpan sample = new NtpShort((uint)Math.Max(units, 0)).ToTimeSpan();
        if (units < -NtpShort.From(TimeSpan.FromSeconds(1)).Value || sample > Longest)
        {
            return false;
        }

        Minimum = HasSample && Minimum < sample ? Minimum : sample;
        Smoothed = HasSample ? Smoothed + ((sample - Smoothed) / 8) : sample;
        Last = sample;
        HasSample = true;
        return true;
    }
}
