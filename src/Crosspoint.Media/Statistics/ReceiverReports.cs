using Crosspoint.Media.Forwarding;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media.Statistics;

/// <summary>What a consumer's receiver says of its stream, the round trip that follows from it, and how well it arrives.</summary>
/// <remarks>A value; one owner, the consumer.</remarks>
internal struct ReceiverReports
{
    private SentReports _sent;
    private RttEstimator _roundTrip;
    private QualityScore _score;

    /// <summary>What it said last.</summary>
    public ReportBlock Last { get; private set; }

    /// <summary>To the receiver; null when not measured.</summary>
    public readonly TimeSpan? RoundTrip => _roundTrip.HasSample ? _roundTrip.Smoothed : null;

    /// <summary>A sender report leaves, which the receiver's next will quote.</summary>
    public void NoteSent(Instant now, in SenderInfo info) => _sent.Add(now, info.Ntp);

    /// <summary>A report of the receiver.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="block">What it says.</param>
    /// <param name="quoted">When the sender report left that it quotes, on our clock.</param>
    /// <returns>True when it quotes one, which measures the round trip.</returns>
    public bool Take(Instant now, in ReportBlock block, out NtpShort quoted)
    {
        Last = block;
        quoted = default;
        if (!_sent.TryFind(block.LastSenderReport, out Instant sentAt))
        {
            return false;
        }

        quoted = Router.ToNtp(sentAt).Middle;
        _roundTrip.Update(Router.ToNtp(now), quoted, block.DelaySinceLastSenderReport);
        return true;
    }

    /// <summary>How well it arrives, 0 to 10; true when that is to be told.</summary>
    /// <param name="now">The present.</param>
    /// <param name="isHeldBack">Nothing is sent, because its network does not carry it.</param>
    /// <param name="score">From the last report.</param>
    public bool UpdateScore(Instant now, bool isHeldBack, out byte score)
    {
        score = isHeldBack ? (byte)0 : QualityScore.Of(Last.FractionLost / 256.0);
        return _score.Update(now, score);
    }
}
