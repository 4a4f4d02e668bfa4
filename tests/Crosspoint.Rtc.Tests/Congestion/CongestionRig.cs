using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Tests.Congestion;

/// <summary>What a source on the rig wants to send.</summary>
/// <param name="Wanted">The most it could use.</param>
/// <param name="Video">What its video takes now, given the target; the greedy one takes all of it.</param>
/// <param name="FrameInterval">Between two frames.</param>
internal sealed record RigSource(Bitrate Wanted, Func<Instant, Bitrate, Bitrate> Video, TimeSpan FrameInterval)
{
    public static RigSource Greedy(double wantedKilobits = 10_000) =>
        new(Bitrate.FromKilobits(wantedKilobits), (_, target) => target, TimeSpan.FromMilliseconds(33));

    public static RigSource Limited(double kilobits, double wantedKilobits) =>
        new(Bitrate.FromKilobits(wantedKilobits), (_, target) => Bitrate.FromKilobits(Math.Min(kilobits, target.KilobitsPerSecond)), TimeSpan.FromMilliseconds(33));
}

/// <summary>
/// One sender with estimator and pacer, a virtual link each way, one receiver with the feedback generator, on one virtual clock
/// in steps of a millisecond.
/// </summary>
internal sealed class CongestionRig
{
    private const int MaxPacket = 1200;
    private const int AudioBytes = 130;

    private readonly RigSource _source;
    private readonly RigLink _link;
    private readonly int _flow;
    private readonly VirtualLink<RigPacket> _forward;
    private readonly VirtualLink<byte[]> _back;
    private readonly TransportFeedbackGenerator _generator = new(new TransportFeedbackGeneratorOptions());
    private readonly Queue<int> _waiting = new();
    private readonly byte[] _buffer = new byte[1200];
    private readonly List<RigSample> _samples = [];
    private Pacer _pacer;
    private ProbeBudget _budget;
    private Instant _nextFrame;
    private Instant _nextAudio;
    private long _waitingBytes;
    private double _carry;
    private long _sentBytes;
    private long _deliveredBytes;
    private long _crossBytes;

    public CongestionRig(RigSource source, LinkPlan forward, LinkPlan? back = null, BandwidthEstimatorOptions? options = null)
        : this(source, new RigLink(forward), back ?? new LinkPlan { Delay = forward.Delay, Seed = forward.Seed + 1 }, RigLink.Begin, options)
    {
    }

    /// <summary>One of several on a link.</summary>
    public CongestionRig(RigSource source, RigLink link, LinkPlan back, Instant begin, BandwidthEstimatorOptions? options = null)
    {
        _source = source;
        _link = link;
        _flow = link.Join();
        _forward = link.Link;
        Now = begin;
        _back = new(back, Now);
        Estimator = new BandwidthEstimator(options ?? new BandwidthEstimatorOptions(), Now);
        _pacer = new Pacer(Estimator.PacingRate, Now);
        _nextFrame = Now;
        _nextAudio = Now;
    }

    public BandwidthEstimator Estimator { get; }

    public Instant Now { get; private set; }

    public int Probes { get; private set; }

    public long PaddingBytes { get; private set; }

    public IReadOnlyList<RigSample> Samples => _samples;

    public CongestionRig Run(double seconds)
    {
        Instant end = Now + TimeSpan.FromSeconds(seconds);
        while (Now < end)
        {
            Step();
        }

        return this;
    }

    /// <summary>Runs several on one link side by side, each from its own beginning.</summary>
    public static void RunTogether(double seconds, params CongestionRig[] rigs)
    {
        for (Instant now = RigLink.Begin; now < RigLink.Begin + TimeSpan.FromSeconds(seconds); now += TimeSpan.FromMilliseconds(1))
        {
            foreach (CongestionRig rig in rigs)
            {
                if (rig.Now == now)
                {
                    rig.Step();
                }
            }
        }
    }

    private void Step()
    {
        Now += TimeSpan.FromMilliseconds(1);
        Tick();
        if ((Now - RigLink.Begin).Ticks % TimeSpan.FromMilliseconds(100).Ticks == 0)
        {
            Sample();
        }
    }

    /// <summary>Share of the link that carried packets of ours between two seconds, in percent.</summary>
    public double UsePercent(double from, double to)
    {
        long bytes = Between(from, to).Sum(sample => sample.PassedBytes);
        long capacity = _forward.Plan.Rate!.Capacity(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));
        return 100.0 * bytes / capacity;
    }

    public double CrossKilobits(double from, double to) => Between(from, to).Sum(sample => sample.CrossBytes) * 8 / 1000.0 / (to - from);

    public double TargetKilobits(double from, double to) => Between(from, to).Average(sample => sample.Target.KilobitsPerSecond);

    public double DeliveredKilobits(double from, double to) => Between(from, to).Sum(sample => sample.DeliveredBytes) * 8 / 1000.0 / (to - from);

    /// <summary>The 95th percentile of the queue, sampled every 100 ms.</summary>
    public double QueueP95(double from, double to)
    {
        double[] delays = [.. Between(from, to).Select(sample => sample.Queue.TotalMilliseconds).Order()];
        return delays[(int)(delays.Length * 0.95)];
    }

    public IEnumerable<RigSample> Between(double from, double to) =>
        _samples.Where(sample => sample.Seconds > from && sample.Seconds <= to + 1e-9);

    private void Tick()
    {
        Produce();
        Send();
        Receive();
        while (_back.TryDequeue(Now, out byte[]? packet))
        {
            Assert.True(RtcpReader.TryOpen(packet!, out RtcpReader reader));
            while (reader.TryRead(out RtcpPacket rtcp))
            {
                Assert.True(TransportFeedback.TryParse(rtcp, out TransportFeedback feedback));
                Estimator.HandleFeedback(Now, feedback);
            }
        }

        if (Now >= Estimator.NextTimeout)
        {
            Estimator.HandleTimeout(Now);
        }
    }

    private void Produce()
    {
        Estimator.SetWanted(Now, _source.Wanted);
        if (Now >= _nextAudio)
        {
            _nextAudio += TimeSpan.FromMilliseconds(20);
            _pacer.Charge(Now, AudioBytes);
            Put(AudioBytes, SentKind.Audio, 0);
        }

        if (Now < _nextFrame)
        {
            return;
        }

        _nextFrame += _source.FrameInterval;
        double audio = AudioBytes * 8 * 50;
        double video = Math.Max(0, _source.Video(Now, Estimator.Target).BitsPerSecond - audio);

        // What waits in the pacer for longer than a frame is not added to: an encoder is told its rate, a forwarder drops a layer.
        double frame = (video / 8 * _source.FrameInterval.TotalSeconds) + _carry;
        _carry = 0;
        if (_waitingBytes > 2 * frame)
        {
            return;
        }

        for (; frame >= 200; frame -= MaxPacket)
        {
            int bytes = (int)Math.Min(frame, MaxPacket);
            _waiting.Enqueue(bytes);
            _waitingBytes += bytes;
            if (frame < MaxPacket)
            {
                return;
            }
        }

        _carry = Math.Max(frame, 0);
    }

    private void Send()
    {
        _pacer.SetRate(Now, Estimator.PacingRate, Estimator.PacingBurst);
        if (_budget.Id == 0 && Estimator.TryTakeProbe(Now, out Probe probe))
        {
            Probes++;
            _budget.Begin(Now, probe);
        }

        while (_budget.Due(Now) > 0)
        {
            int id = _budget.Id;
            bool isMedia = _waiting.TryDequeue(out int bytes);
            _waitingBytes -= isMedia ? bytes : 0;
            bytes = isMedia ? bytes : 300;
            PaddingBytes += isMedia ? 0 : bytes;
            _pacer.Charge(Now, bytes);
            _budget.Charge(bytes);
            Put(bytes, isMedia ? SentKind.Media : SentKind.Padding, id);
        }

        while (_waiting.TryPeek(out int next) && _pacer.TryPass(Now, next))
        {
            _waitingBytes -= _waiting.Dequeue();
            Put(next, SentKind.Media, 0);
        }
    }

    private void Put(int bytes, SentKind kind, int probeId)
    {
        SequenceNumber sequence = Estimator.HandleSent(Now, bytes, kind, probeId);
        _forward.TryEnqueue(Now, bytes, new RigPacket(_flow, sequence, bytes));
        _sentBytes += bytes;
    }

    private void Receive()
    {
        while (_link.TryTake(Now, _flow, out RigPacket packet))
        {
            _deliveredBytes += packet.Bytes;
            _generator.Handle(Now, packet.Sequence, packet.Bytes);
        }

        while (Now >= _generator.NextTimeout)
        {
            RtcpWriter writer = new(_buffer);
            Assert.True(_generator.TryWrite(Now, ref writer, new Ssrc(1), new Ssrc(2)));
            _back.TryEnqueue(Now, writer.Length + 42, writer.Written.ToArray());
        }
    }

    private long _passedBefore;

    private void Sample()
    {
        long passed = _forward.Statistics.PassedBytes;
        long cross = _forward.Statistics.CrossBytes;
        Bitrate? rate = _forward.RateAt(Now);
        TimeSpan queue = rate is { BitsPerSecond: > 0 } known ? TimeSpan.FromSeconds(_forward.QueuedBytes * 8.0 / known.BitsPerSecond) : TimeSpan.Zero;
        _samples.Add(new RigSample((Now - RigLink.Begin).TotalSeconds, Estimator.Target, Estimator.State, _sentBytes, _deliveredBytes, passed - _passedBefore, cross - _crossBytes, queue, Estimator.QueueDelay, Estimator.LossRatio, Probes));
        _passedBefore = passed;
        _crossBytes = cross;
        _sentBytes = 0;
        _deliveredBytes = 0;
    }
}

internal readonly record struct RigPacket(int Flow, SequenceNumber Sequence, int Bytes);

/// <summary>A link and who is on it.</summary>
internal sealed class RigLink(LinkPlan plan)
{
    public static readonly Instant Begin = Instant.FromMilliseconds(1000);

    private readonly List<Queue<RigPacket>> _arrived = [];

    public VirtualLink<RigPacket> Link { get; } = new(plan, Begin);

    public int Join()
    {
        _arrived.Add([]);
        return _arrived.Count - 1;
    }

    public bool TryTake(Instant now, int flow, out RigPacket packet)
    {
        while (Link.TryDequeue(now, out RigPacket next))
        {
            _arrived[next.Flow].Enqueue(next);
        }

        return _arrived[flow].TryDequeue(out packet);
    }
}

internal sealed record RigSample(
    double Seconds, Bitrate Target, BandwidthState State, long SentBytes, long DeliveredBytes, long PassedBytes, long CrossBytes, TimeSpan Queue, TimeSpan SeenQueue, double Loss, int Probes)
{
    public override string ToString() =>
        $"{Seconds,6:0.0} s target {Target.KilobitsPerSecond,7:0} {State,-18} sent {SentBytes * 8 / 100.0,7:0} arrived {DeliveredBytes * 8 / 100.0,7:0} cross {CrossBytes * 8 / 100.0,6:0} queue {Queue.TotalMilliseconds,5:0} seen {SeenQueue.TotalMilliseconds,5:0} ms loss {Loss * 100,4:0.0} % probes {Probes}";
}
