using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Congestion;

/// <summary>Turns untrusted transport-wide feedback into what is newly known about packets that were really sent.</summary>
/// <remarks>One owner. The reports are overwritten by the next feedback of anybody who shares the scratch.</remarks>
internal sealed class FeedbackMatcher(FeedbackScratch scratch)
{
    private ReporterClock _clock;
    private byte _nextCount;
    private bool _started;
    private FeedbackCounters _counters;

    /// <summary>What became of all statuses.</summary>
    public ref readonly FeedbackCounters Counters => ref _counters;

    /// <summary>What the last feedback newly said, in the order of sending.</summary>
    public ReadOnlySpan<PacketReport> Reports => scratch.Reports;

    /// <summary>True when the reporter's clock had jumped in the last feedback: arrival times before and after do not compare.</summary>
    public bool ClockJumped { get; private set; }

    /// <summary>Bytes sent between what the feedback before told of and what this one does: the feedback about them was lost.</summary>
    public long UnreportedBytes { get; private set; }

    /// <summary>From the sending of the newest packet reported received to now; none when nothing newly arrived.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Matches one feedback against what was sent.</summary>
    public void Match(Instant now, in TransportFeedback feedback, ref SentPacketHistory history)
    {
        bool isNext = CountFeedback(feedback.FeedbackCount);
        UnreportedBytes = isNext ? 0 : history.UnreportedBefore(feedback.BaseSequence);
        scratch.Clear();
        ClockJumped = false;
        RoundTrip = null;
        long newest = long.MinValue;
        foreach (TransportFeedbackStatus status in feedback)
        {
            FeedbackDropReason reason = Match(now, status, ref history, ref newest);
            if (reason != FeedbackDropReason.None)
            {
                _counters.Count(reason);
            }
        }

        if (newest > 0)
        {
            history.ReportedUpTo(newest);
        }
    }

    private FeedbackDropReason Match(Instant now, in TransportFeedbackStatus status, ref SentPacketHistory history, ref long newest)
    {
        Instant arrival = default;
        bool sound = true;
        if (status.Received)
        {
            sound = _clock.TryUnwrap(now, status.ReceivedAt, out arrival);
            ClockJumped |= !sound;
        }

        FeedbackDropReason reason = history.Report(now, status.Sequence, status.Received, out SentPacket packet);
        if (reason != FeedbackDropReason.None)
        {
            return reason;
        }

        newest = Math.Max(newest, packet.Number);
        if (!sound)
        {
            return FeedbackDropReason.Clock;
        }

        bool wasLost = packet.State == SentPacketState.Lost;
        _counters.Received += status.Received ? 1 : 0;
        _counters.Lost += status.Received ? (wasLost ? -1 : 0) : 1;
        if (status.Received && !wasLost)
        {
            RoundTrip = now - packet.SentAt;
        }

        scratch.Append(new PacketReport(packet.SentAt, arrival, packet.Bytes, packet.Kind, packet.ProbeId, status.Received, wasLost));
        return FeedbackDropReason.None;
    }

    // True when no feedback is missing before it.
    private bool CountFeedback(byte number)
    {
        // Half the circle ahead is taken as late rather than as 128 lost.
        int ahead = (sbyte)(byte)(number - _nextCount);
        _counters.Feedbacks++;
        if (_started && ahead < 0)
        {
            _counters.FeedbacksLost -= _counters.FeedbacksLost > 0 ? 1 : 0;
            return true;
        }

        bool isNext = !_started || ahead == 0;
        _counters.FeedbacksLost += _started ? ahead : 0;
        _started = true;
        _nextCount = (byte)(number + 1);
        return isNext;
    }
}
