using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// How much a sender that knows no transport-wide feedback may send to us: the same delay-based estimation as for sending,
/// run here on the times its packets carry (abs-send-time), and told by REMB (draft-alvestrand-rmcat-remb-03).
/// </summary>
/// <remarks>One per transport that receives; one owner.</remarks>
public sealed class ReceiveSideEstimator
{
    // How often the rate is decided anew: as often as feedback would come.
    private static readonly TimeSpan UpdateInterval = TimeSpan.FromMilliseconds(50);

    // A sender's clock that moves this much against ours between two packets has begun anew.
    private static readonly TimeSpan MaxJump = TimeSpan.FromSeconds(2);

    private readonly ReceiveSideEstimatorOptions _options;
    private readonly DelayBasedEstimator _delay;
    private AbsoluteSendTime _lastSendTime;
    private Instant _lastSent;
    private Instant _lastArrival;
    private Instant _nextUpdate;
    private Bitrate _told;
    private bool _started;

    /// <summary>Begins with the start rate.</summary>
    public ReceiveSideEstimator(ReceiveSideEstimatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _delay = new DelayBasedEstimator(options.Start);
    }

    /// <summary>The estimate.</summary>
    public Bitrate Estimate => _delay.Rate;

    /// <summary>When REMB is due; never before the first packet.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>A packet has arrived.</summary>
    /// <param name="now">When.</param>
    /// <param name="sendTime">What it says of its sending.</param>
    /// <param name="bytes">On the wire.</param>
    /// <param name="roundTrip">Of the path, or a guess.</param>
    public void Handle(Instant now, AbsoluteSendTime sendTime, int bytes, TimeSpan roundTrip)
    {
        TimeSpan step = AbsoluteSendTime.Distance(_lastSendTime, sendTime);
        if (!_started || (step - (now - _lastArrival)).Duration() > MaxJump)
        {
            _delay.RestartClock();
            _lastSent = now; // any origin will do
            step = TimeSpan.Zero;
            NextTimeout = _started ? NextTimeout : now + _options.Interval;
            _started = true;
        }

        _lastSent += step;
        _lastSendTime = sendTime;
        _lastArrival = now;
        _delay.Add(_lastSent, now, bytes, isProbe: false);
        if (now >= _nextUpdate)
        {
            _nextUpdate = now + UpdateInterval;
            Update(now, roundTrip);
        }
    }

    /// <summary>Writes a REMB if one is due; false when none is, or it does not fit.</summary>
    /// <param name="now">The time.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="sender">Who estimates.</param>
    /// <param name="sources">The sources that share the estimate.</param>
    public bool TryWrite(Instant now, ref RtcpWriter writer, Ssrc sender, scoped ReadOnlySpan<Ssrc> sources)
    {
        if (now < NextTimeout || !ReceiverEstimatedMaximumBitrate.TryWrite(ref writer, sender, Estimate, sources))
        {
            return false;
        }

        _told = Estimate;
        NextTimeout = now + _options.Interval;
        return true;
    }

    private void Update(Instant now, TimeSpan roundTrip)
    {
        _delay.Update(now, roundTrip);
        _delay.Clamp(_options.Min, _options.Max);
        if (Estimate.BitsPerSecond < _told.BitsPerSecond * _options.UrgentShare)
        {
            NextTimeout = now;
        }
    }
}
