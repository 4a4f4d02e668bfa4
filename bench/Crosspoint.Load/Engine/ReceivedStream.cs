using Crosspoint.Contracts.Rtp;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Load.Engine;

/// <summary>One stream that a subscriber gets.</summary>
/// <remarks>Owned by the engine's thread.</remarks>
internal struct ReceivedStream
{
    private long _expectedAtReport;
    private long _receivedAtReport;
    private long _receivedAtSnapshot;
    private NtpTimestamp _lastReport;
    private Instant _lastReportAt;

    public uint Ssrc;
    public MediaKind Kind;
    public bool IsExpected;

    /// <summary>Retransmissions and padding of another stream: no media, and not counted as such.</summary>
    public bool IsRepair;
    public SequenceTracker Sequence;

    /// <summary>The server's sender report.</summary>
    public void HandleReport(Instant now, NtpTimestamp ntp) => (_lastReport, _lastReportAt) = (ntp, now);

    /// <summary>Whether nothing came since this was last asked.</summary>
    public bool TakeIdle()
    {
        bool isIdle = Sequence.Received == _receivedAtSnapshot;
        _receivedAtSnapshot = Sequence.Received;
        return isIdle;
    }

    /// <summary>What the subscriber says of it (RFC 3550 §6.4.1); jitter is not measured.</summary>
    public ReportBlock TakeReport(Instant now)
    {
        long expected = Sequence.Expected - _expectedAtReport;
        long lost = expected - (Sequence.Received - _receivedAtReport);
        (_expectedAtReport, _receivedAtReport) = (Sequence.Expected, Sequence.Received);
        byte fraction = (byte)(expected <= 0 || lost <= 0 ? 0 : Math.Min(255, lost * 256 / expected));
        bool hasReport = !_lastReport.IsNone;
        return new ReportBlock(
            new Ssrc(Ssrc), fraction, (int)Math.Clamp(Sequence.Lost, 0, 0x7F_FFFF), (uint)Sequence.Highest, 0,
            hasReport ? _lastReport.Middle : default, hasReport ? NtpShort.From(now - _lastReportAt) : default);
    }
}
