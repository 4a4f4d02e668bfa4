using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// The line a producer's last sender report draws between its wallclock and its timestamps. Our reports to consumers move along
/// that line, so audio and video of one peer keep the common clock that lip-sync needs (RFC 3550 §6.4.1).
/// </summary>
/// <remarks>One owner: the producer's stream.</remarks>
internal struct ProducerClock(int clockRate)
{
    // Far beyond what a network delays a report.
    private static readonly TimeSpan MaxDisagreement = TimeSpan.FromSeconds(5);

    private NtpTimestamp _ntp;
    private RtpTimestamp _rtp;
    private Instant _at;

    /// <summary>True once a report has come.</summary>
    public bool HasReport { get; private set; }

    /// <summary>The middle of the last report's time, for LSR.</summary>
    public readonly NtpShort LastReport => HasReport ? _ntp.Middle : NtpShort.Zero;

    /// <summary>Takes a sender report.</summary>
    public void Update(Instant now, in SenderInfo info)
    {
        if (info.Ntp.IsNone)
        {
            return;
        }

        _ntp = info.Ntp;
        _rtp = info.Rtp;
        _at = now;
        HasReport = true;
    }

    /// <summary>Since the last report, for DLSR.</summary>
    public readonly NtpShort DelaySince(Instant now) => HasReport ? NtpShort.From(now - _at) : NtpShort.Zero;

    /// <summary>The producer's wallclock and timestamp at a moment, both moved by the same span from its report.</summary>
    public readonly (NtpTimestamp Ntp, RtpTimestamp Rtp) At(Instant now)
    {
        TimeSpan since = now - _at;
        uint units = (uint)(long)((Int128)since.Ticks * clockRate / TimeSpan.TicksPerSecond);
        return (_ntp + since, _rtp + units);
    }

    /// <summary>
    /// What is to be added to this stream's timestamps to get another's of the same moment; false until both have reported, or when their
    /// wallclocks are not the same.
    /// </summary>
    public readonly bool TryAlign(in ProducerClock other, out uint offset)
    {
        offset = 0;
        if (!HasReport || !other.HasReport)
        {
            return false;
        }

        // Encodings of one camera are reported at nearly the same time, by one clock.
        TimeSpan apart = _ntp - other._ntp;
        TimeSpan apartHere = _at - other._at;
        if ((apart - apartHere).Duration() > MaxDisagreement)
        {
            return false;
        }

        offset = (uint)(other._rtp.Value + (long)((Int128)apart.Ticks * clockRate / TimeSpan.TicksPerSecond) - _rtp.Value);
        return true;
    }

    /// <summary>The stream began anew: its old line means nothing.</summary>
    public void Reset() => HasReport = false;
}
