namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// Where feedback is laid out while it is looked at. It is of use for no longer than that, so the transports of one router share it:
/// it stays in the cache, and they stay small.
/// </summary>
/// <remarks>One owner, the same as of all who share it. It grows to the largest feedback, which the packets remembered bound.</remarks>
public sealed class FeedbackScratch
{
    private PacketReport[] _reports = [];
    private int _count;

    internal ReadOnlySpan<PacketReport> Reports => _reports.AsSpan(0, _count);

    internal void Clear() => _count = 0;

    internal void Append(in PacketReport report)
    {
        if (_count == _reports.Length)
        {
            Array.Resize(ref _reports, Math.Max(64, _reports.Length * 2));
        }

        _reports[_count++] = report;
    }
}
