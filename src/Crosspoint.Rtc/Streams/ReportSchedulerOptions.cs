namespace Crosspoint.Rtc.Streams;

/// <summary>How often RTCP reports are sent.</summary>
public sealed record ReportSchedulerOptions
{
    /// <summary>Mean interval when the stream is audio only. Default 5 s, the minimum of RFC 3550 §6.2.</summary>
    public TimeSpan AudioInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Mean interval when there is video. Default 1 s: its loss and round trip change faster, and its bandwidth pays for it.</summary>
    public TimeSpan VideoInterval { get; init; } = TimeSpan.FromSeconds(1);
}
