using Crosspoint.Media.Allocation;
using Crosspoint.Media.Forwarding;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Statistics;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media;

/// <summary>What the receiver of a consumer says of its stream: that it cannot go on without a keyframe, and how much of it arrives.</summary>
/// <remarks>One owner: the consumer. Per RTCP datagram at most; NACKs are the <see cref="Repair.Resender"/>'s.</remarks>
internal sealed class ConsumerFeedback(Consumer consumer)
{
    private FirCommands _firs;
    private ReceiverReports _reports;

    /// <summary>Keyframes asked for, those included that are not passed on.</summary>
    public long KeyFrameRequests { get; private set; }

    /// <summary>What it reported last.</summary>
    public ReportBlock LastReport => _reports.Last;

    /// <summary>To the receiver; null when not measured.</summary>
    public TimeSpan? RoundTrip => _reports.RoundTrip;

    /// <summary>PLI (RFC 4585 §6.3.1).</summary>
    public void HandlePictureLoss(Instant now) => HandleKeyFrameRequest(now, FeedbackFlags.PictureLossIndication);

    /// <summary>FIR (RFC 5104 §4.3.1).</summary>
    public void HandleFullIntraRequest(Instant now, byte command)
    {
        if (!_firs.IsNew(command))
        {
            consumer.Drop(MediaDropReason.FirRepeated);
            return;
        }

        HandleKeyFrameRequest(now, FeedbackFlags.FullIntraRequest);
    }

    /// <summary>A report block on its stream (RFC 3550 §6.4.1).</summary>
    public void HandleReport(Instant now, in ReportBlock block)
    {
        if (_reports.Take(now, block, out NtpShort quoted))
        {
            consumer.Transport.UpdateRoundTrip(now, quoted, block.DelaySinceLastSenderReport);
        }

        consumer.HandleLoss(now, block.FractionLost);
    }

    /// <summary>A sender report leaves, which the receiver's next will quote.</summary>
    public void NoteReport(Instant now, in SenderInfo info) => _reports.NoteSent(now, info);

    /// <summary>How well it arrives, 0 to 10; true when that is to be told.</summary>
    public bool UpdateScore(Instant now, out byte score)
    {
        score = 0;
        return consumer.IsSending && _reports.UpdateScore(now, consumer.Suspension == Suspension.Bandwidth, out score);
    }

    private void HandleKeyFrameRequest(Instant now, FeedbackFlags kind)
    {
        if (!consumer.Plan.Feedback.Includes(kind))
        {
            consumer.Drop(MediaDropReason.FeedbackNotNegotiated);
            return;
        }

        KeyFrameRequests++;
        if (consumer.Target is null || consumer.State is not (ConsumerState.AwaitingStart or ConsumerState.Forwarding))
        {
            return;
        }

        // What it has not seen yet is the keyframe it asks for: another would only wait behind it, and be asked for again. Who lost it asks again.
        if (consumer.Transport.Downlink is not { } downlink || !downlink.HasKeyFrameUnderWay(now, consumer))
        {
            consumer.WantKeyFrame(now);
        }
    }
}
