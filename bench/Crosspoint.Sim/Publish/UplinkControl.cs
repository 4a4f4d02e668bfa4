using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Sim.Server;

namespace Crosspoint.Sim.Publish;

/// <summary>
/// How fast a publisher sends. He has our own congestion control, fed by what the server tells: transport-wide feedback, REMB or reports,
/// as the policy has it. Without adaptation he sends all he has.
/// </summary>
internal sealed class UplinkControl
{
    private static readonly TimeSpan ProbeRetry = TimeSpan.FromMilliseconds(10);

    // Of Chromium: WebRTC-CongestionWindow/QueueSize:350, and the window of its limit of repairs.
    private static readonly TimeSpan LongestQueue = TimeSpan.FromMilliseconds(350);
    private static readonly TimeSpan RepairWindow = TimeSpan.FromMilliseconds(500);

    private readonly Policy _policy;
    private readonly BandwidthEstimator _estimator;
    private readonly Bitrate _most;
    private Pacer _pacer;
    private ProbeBudget _probe;
    private Instant _asked;
    private Instant _repairWindowEnds;
    private long _repaired;
    private readonly bool _isSteered;

    public UplinkControl(Instant now, Policy policy, Bitrate most)
    {
        _policy = policy;
        _isSteered = policy.Adapts;
        _most = new Bitrate(most.BitsPerSecond * 115 / 100);
        _estimator = new BandwidthEstimator(new BandwidthEstimatorOptions { Start = Bitrate.FromKilobits(1000), Max = new Bitrate(_most.BitsPerSecond * 2) }, now);
        _estimator.SetWanted(now, _most);
        _pacer = new Pacer(_estimator.PacingRate, now);
    }

    public BandwidthEstimator Estimator => _estimator;

    /// <summary>Whether he follows what the network carries; otherwise he sends all he has.</summary>
    public bool IsSteered => _isSteered;

    /// <summary>What the encoders may make together, headers included.</summary>
    public Bitrate Target => _isSteered && _estimator.Sustained < _most ? _estimator.Sustained : _most;

    public Bitrate PacingRate => _isSteered ? new(Math.Max(_estimator.PacingRate.BitsPerSecond, 300_000)) : new(_most.BitsPerSecond * 5 / 2);

    /// <summary>When it has something to do. A probe may have to wait for a quiet queue, so it is not asked about without end.</summary>
    public Instant NextTimeout => _isSteered ? Instant.Min(Instant.Max(_estimator.NextTimeout, _asked + ProbeRetry), _probe.NextTime + TimeSpan.FromTicks(1)) : Instant.Never;

    /// <summary>The probe under way; 0 when there is none.</summary>
    public int ProbeId => _probe.Id;

    /// <summary>When the pacer lets a packet pass.</summary>
    public Instant NextPass(int bytes) => _pacer.NextTime(bytes);

    public void HandleTimeout(Instant now)
    {
        _asked = now;
        if (_estimator.NextTimeout <= now)
        {
            _estimator.HandleTimeout(now);
        }

        _pacer.SetRate(now, PacingRate, Pacer.LongBurst);
    }

    public bool TryPass(Instant now, int bytes) => _pacer.TryPass(now, bytes);

    public void Charge(Instant now, int bytes) => _pacer.Charge(now, bytes);

    /// <summary>True while a probe wants another packet now.</summary>
    public bool IsProbeDue(Instant now)
    {
        if (_probe.Id == 0 && _isSteered && _estimator.TryTakeProbe(now, out Probe probe))
        {
            _probe.Begin(now, probe);
        }

        return _probe.Due(now) > 0;
    }

    /// <summary>True while what is under way and what waits to be sent is no more than the rate carries in a round trip and 350 ms.</summary>
    public bool HasRoom(long waitingBytes) =>
        !_isSteered || (UnderWay + waitingBytes) * 8 <= Target.BitsPerSecond * (LongestQueue + (_estimator.RoundTrip ?? LongestQueue)).TotalSeconds;

    // Without transport-wide feedback nobody tells what has arrived.
    private long UnderWay => _policy.TransportFeedback ? _estimator.OutstandingBytes : 0;

    /// <summary>True when a repair may be sent: no faster than all may be sent.</summary>
    public bool TryRepair(Instant now, int bytes)
    {
        if (now >= _repairWindowEnds)
        {
            (_repairWindowEnds, _repaired) = (now + RepairWindow, 0);
        }

        if (_isSteered && (_repaired + bytes) * 8 > Target.BitsPerSecond * RepairWindow.TotalSeconds)
        {
            return false;
        }

        _repaired += bytes;
        return true;
    }

    public void CancelProbe() => _probe.Cancel();

    public SequenceNumber NextSequence => _estimator.NextSequence;

    public void HandleSent(Instant now, int bytes, SentKind kind)
    {
        _estimator.HandleSent(now, bytes, kind, _probe.Id);
        if (_probe.Id != 0)
        {
            _probe.Charge(bytes);
        }
    }

    public void HandleRtcp(Instant now, in RtcpPacket packet)
    {
        if (!_policy.Adapts)
        {
            return;
        }

        if (TransportFeedback.TryParse(packet, out TransportFeedback feedback))
        {
            _estimator.HandleFeedback(now, feedback);
        }
        else if (ReceiverEstimatedMaximumBitrate.TryParse(packet, out ReceiverEstimatedMaximumBitrate remb))
        {
            _estimator.HandleRemb(now, remb.Bitrate);
        }

        HandleTimeout(now);
    }
}
