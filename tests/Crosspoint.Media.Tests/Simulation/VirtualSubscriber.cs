using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media.Tests.Simulation;

/// <summary>A receiver as a browser is one: asks for what it misses, for keyframes when it is stuck, and counts whole frames.</summary>
internal sealed class VirtualSubscriber
{
    private readonly VirtualTime _time;
    private readonly ConsumerPlan _plan;
    private readonly Action<byte[]> _send;
    private readonly RtpReceiveStream _stream;
    private readonly Dictionary<ushort, byte[]> _packets = [];
    private readonly Dictionary<int, HashSet<int>> _parts = [];
    private SequenceNumber? _first;
    private SequenceNumber _highest;

    public VirtualSubscriber(VirtualTime time, ConsumerPlan plan, Action<byte[]> send)
    {
        _time = time;
        _plan = plan;
        _send = send;
        _stream = new RtpReceiveStream(new RtpReceiveStreamOptions { Ssrc = plan.Ssrc, RtxSsrc = plan.RtxSsrc, ClockRate = 90_000, Nack = new NackOptions() });
        _time.At(_time.Now + TimeSpan.FromMilliseconds(10), Tick);
        _time.At(_time.Now + TimeSpan.FromMilliseconds(1000), Report);
    }

    /// <summary>Frames of which every part came.</summary>
    public List<int> WholeFrames { get; } = [];

    public int FirstFrame { get; private set; } = -1;

    public bool BeganWithKeyFrame { get; private set; }

    public int SenderReports { get; private set; }

    /// <summary>Numbers that never came, between the first and the highest.</summary>
    public int Missing
    {
        get
        {
            int missing = 0;
            for (SequenceNumber at = _first!.Value; at != _highest; at = at.Next)
            {
                missing += _packets.ContainsKey(at.Value) ? 0 : 1;
            }

            return missing;
        }
    }

    public void Handle(Instant now, byte[] bytes)
    {
        if (bytes[1] is >= 192 and <= 223)
        {
            HandleRtcp(now, bytes);
            return;
        }

        Assert.True(RtpPacket.TryParse(bytes, out RtpPacket packet));
        if (packet.Ssrc == _plan.RtxSsrc)
        {
            if (_stream.TryHandleRtx(now, bytes, _plan.PayloadType, out _))
            {
                Assert.True(RtpPacket.TryParse(bytes.AsSpan(2), out RtpPacket original));
                Take(original);
            }

            return;
        }

        Assert.Equal(_plan.Ssrc, packet.Ssrc);
        _stream.Handle(now, packet);
        Take(packet);
    }

    private void Take(in RtpPacket packet)
    {
        byte[] payload = packet.Payload.ToArray();
        ushort sequence = packet.SequenceNumber.Value;
        if (_packets.TryGetValue(sequence, out byte[]? known))
        {
            Assert.Equal(known, payload); // A number never means two things.
            return;
        }

        _packets[sequence] = payload;
        int frame = (payload[2] << 8) | payload[3];
        if (_first is null || (_first.Value.IsNewerThan(packet.SequenceNumber) && _packets.Count < 50))
        {
            _highest = _first is null ? packet.SequenceNumber : _highest;
            _first = packet.SequenceNumber;
            FirstFrame = frame;
            BeganWithKeyFrame = payload[0] == 0x10 && payload[1] == 0;
        }

        _highest = packet.SequenceNumber.IsNewerThan(_highest) ? packet.SequenceNumber : _highest;
        HashSet<int> parts = _parts.TryGetValue(frame, out HashSet<int>? found) ? found : _parts[frame] = [];
        if (parts.Add(payload[4]) && parts.Count == payload[5])
        {
            WholeFrames.Add(frame);
        }
    }

    private void HandleRtcp(Instant now, byte[] bytes)
    {
        Assert.True(RtcpReader.TryOpen(bytes, out RtcpReader reader));
        while (reader.TryRead(out RtcpPacket packet))
        {
            if (SenderReport.TryParse(packet, out SenderReport report))
            {
                SenderReports++;
                _stream.HandleSenderReport(now, report.Info);
            }
        }
    }

    private void Tick()
    {
        byte[] bytes = new byte[1200];
        RtcpWriter writer = new(bytes);
        if (_stream.TryWriteNack(_time.Now, TimeSpan.FromMilliseconds(60), ref writer, new Ssrc(1)) > 0)
        {
            _send(bytes[..writer.Length]);
        }

        _time.At(_time.Now + TimeSpan.FromMilliseconds(10), Tick);
    }

    private void Report()
    {
        byte[] bytes = new byte[100];
        RtcpWriter writer = new(bytes);
        if (_stream.TryTakeReport(_time.Now, out ReportBlock block))
        {
            ReceiverReport.TryWrite(ref writer, new Ssrc(1), [block]);
            _send(bytes[..writer.Length]);
        }

        _time.At(_time.Now + TimeSpan.FromMilliseconds(1000), Report);
    }
}
