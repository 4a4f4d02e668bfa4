using Crosspoint.Media.Plans;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Media.Tests.Simulation;

/// <summary>A sender of VP8 as a browser is one: thirty frames per second, RTX, sender reports, keyframes on request.</summary>
internal sealed class VirtualPublisher
{
    private readonly VirtualTime _time;
    private readonly ProducerPlan _plan;
    private readonly VirtualLink _uplink;
    private readonly RetransmissionBuffer _buffer;
    private readonly RtpSendStream _stream;
    private readonly NtpClock _clock = new(Instant.Zero, new NtpTimestamp(0xE123_0000_0000_0000));
    private ushort _sequence = 65_000;
    private bool _keyFrameWanted = true;
    private Instant _end;

    public VirtualPublisher(VirtualTime time, ProducerPlan plan, VirtualLink uplink, RetransmissionBuffer buffer)
    {
        _time = time;
        _plan = plan;
        _uplink = uplink;
        _buffer = buffer;
        _stream = new RtpSendStream(
            new RtpSendStreamOptions { Ssrc = plan.Encodings[0].Ssrc, ClockRate = 90_000, RtxSsrc = plan.Encodings[0].RtxSsrc, RtxPayloadType = plan.RtxPayloadType!.Value },
            new SeededRandomSource(1));
    }

    public int Frames { get; private set; }

    public int KeyFramesAsked { get; private set; }

    public void Start(Instant end)
    {
        _end = end;
        _time.At(_time.Now, Frame);
        _time.At(_time.Now + TimeSpan.FromMilliseconds(500), Report);
    }

    public void HandleRtcp(byte[] datagram)
    {
        Assert.True(RtcpReader.TryOpen(datagram, out RtcpReader reader));
        while (reader.TryRead(out RtcpPacket packet))
        {
            if (packet.Kind == RtcpKind.PictureLossIndication)
            {
                KeyFramesAsked++;
                _keyFrameWanted = true;
            }
            else if (GenericNack.TryParse(packet, out GenericNack nack))
            {
                foreach (SequenceNumber sequence in nack)
                {
                    Resend(sequence);
                }
            }
        }
    }

    private void Resend(SequenceNumber sequence)
    {
        byte[] header = new byte[256];
        if (_stream.TryResend(_time.Now, sequence, _buffer, header, out int length, out ReadOnlySpan<byte> payload) == ResendVerdict.Resent)
        {
            _uplink.Send([.. header.AsSpan(0, length), .. payload]);
        }
    }

    // Each packet says which frame it is of, whether that is a keyframe, which part it is and of how many.
    private void Frame()
    {
        if (_time.Now >= _end)
        {
            return;
        }

        bool key = _keyFrameWanted;
        _keyFrameWanted = false;
        int parts = key ? 8 : 3;
        uint timestamp = (uint)(_time.Now.TotalMilliseconds * 90);
        for (int part = 0; part < parts; part++)
        {
            byte[] payload = [(byte)(part == 0 ? 0x10 : 0x00), (byte)(key ? 0 : 1), (byte)(Frames >> 8), (byte)Frames, (byte)part, (byte)parts, .. new byte[900]];
            byte[] packet = Packets.Rtp(_plan, _sequence, timestamp, payload);
            RtpPacket parsed = Packets.Parse(packet);
            _buffer.Store(_time.Now, new(_sequence), parsed.Header, parsed.Payload);
            _stream.HandleSent(_time.Now, new(timestamp), parsed.HeaderLength, payload.Length);
            _sequence++;
            _uplink.Send(packet);
        }

        Frames++;
        _time.At(_time.Now + TimeSpan.FromMilliseconds(33.3), Frame);
    }

    private void Report()
    {
        byte[] bytes = new byte[200];
        RtcpWriter writer = new(bytes);
        if (_time.Now < _end && _stream.TryGetSenderInfo(_time.Now, _clock, out SenderInfo info))
        {
            SenderReport.TryWrite(ref writer, _stream.Ssrc, info, []);
            _uplink.Send(bytes[..writer.Length]);
            _time.At(_time.Now + TimeSpan.FromSeconds(1), Report);
        }
    }
}
