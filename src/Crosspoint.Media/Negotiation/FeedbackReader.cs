using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Congestion;
using Crosspoint.Media.Plans;

namespace Crosspoint.Media.Negotiation;

/// <summary>Between <c>rtcp-fb</c> lines and flags.</summary>
internal static class FeedbackReader
{
    public static FeedbackFlags Flags(IReadOnlyList<RtcpFeedback> feedback)
    {
        FeedbackFlags flags = FeedbackFlags.None;
        foreach (RtcpFeedback line in feedback)
        {
            flags |= FlagOf(line);
        }

        return flags;
    }

    /// <summary>The lines of <paramref name="ours"/> that <paramref name="theirs"/> has too, in our order.</summary>
    public static IReadOnlyList<RtcpFeedback> Intersect(IReadOnlyList<RtcpFeedback> ours, IReadOnlyList<RtcpFeedback> theirs)
    {
        FeedbackFlags allowed = Flags(theirs);
        List<RtcpFeedback> common = [];
        foreach (RtcpFeedback line in ours)
        {
            FeedbackFlags flag = FlagOf(line);
            if (flag != FeedbackFlags.None && allowed.HasFlag(flag))
            {
                common.Add(line);
            }
        }

        return common;
    }

    /// <summary>One way of congestion control: transport-wide feedback where its header extension is there too, else REMB, else none; none where nothing is done with it.</summary>
    public static IReadOnlyList<RtcpFeedback> ChooseCongestionControl(
        IReadOnlyList<RtcpFeedback> lines, bool hasSequenceNumbers, CongestionControl control = CongestionControl.TransportWide)
    {
        bool transportWide = hasSequenceNumbers && control == CongestionControl.TransportWide && Flags(lines).HasFlag(FeedbackFlags.TransportWide);
        FeedbackFlags without = transportWide ? FeedbackFlags.EstimatedMaximumBitrate : FeedbackFlags.TransportWide;
        without |= control == CongestionControl.None ? FeedbackFlags.EstimatedMaximumBitrate : FeedbackFlags.None;
        return [.. lines.Where(line => (FlagOf(line) & without) == FeedbackFlags.None)];
    }

    private static FeedbackFlags FlagOf(RtcpFeedback line) => (line.Type, line.Parameter ?? "") switch
    {
        ("nack", "") => FeedbackFlags.Nack,
        ("nack", "pli") => FeedbackFlags.PictureLossIndication,
        ("ccm", "fir") => FeedbackFlags.FullIntraRequest,
        ("transport-cc", "") => FeedbackFlags.TransportWide,
        ("goog-remb", "") => FeedbackFlags.EstimatedMaximumBitrate,
        _ => FeedbackFlags.None,
    };
}
