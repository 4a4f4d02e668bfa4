namespace Crosspoint.Rtc.Rtcp;

/// <summary>What transport-wide feedback says about one packet.</summary>
/// <param name="Sequence">The transport-wide number.</param>
/// <param name="Received">Whether it had arrived.</param>
/// <param name="ReceivedAt">When, since an origin of the reporter's choosing that wraps after 2²⁴ · 64 ms; in steps of 250 µs. Zero when not received.</param>
public readonly record struct TransportFeedbackStatus(SequenceNumber Sequence, bool Received, TimeSpan ReceivedAt)
{
    /// <summary>Ticks of one delta unit, 250 µs.</summary>
    internal const long DeltaTicks = TimeSpan.TicksPerMillisecond / 4;

    /// <summary>Ticks of one unit of the reference time, 64 ms.</summary>
    internal const long ReferenceTicks = 64 * TimeSpan.TicksPerMillisecond;
}
