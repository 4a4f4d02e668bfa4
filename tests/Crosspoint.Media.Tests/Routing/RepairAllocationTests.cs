using System.Buffers.Binary;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media.Tests.Routing;

/// <summary>Loss is when a router has least time to spare: its repairs allocate no more than its packets do.</summary>
public class RepairAllocationTests
{
    private const int FixedHeader = 12;
    private const int WarmUp = 1000;
    private const int Rounds = 10_000;

    private const string CapabilitiesWithoutRtx = """
        {"codecs":[{"mimeType":"video/VP8","kind":"video","preferredPayloadType":101,"clockRate":90000,"rtcpFeedback":[{"type":"nack"}]}],
         "headerExtensions":[{"kind":"video","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":1}]}
        """;

    private readonly Room _room = new();
    private readonly FakePeer _sender;
    private readonly Producer _producer;
    private readonly byte[] _media;
    private int _sequence;
    private int _rounds;

    public RepairAllocationTests()
    {
        (_sender, _producer) = _room.AddVideo();
        _sender.Sink.Keeps = false;
        _media = Packets.Rtp(_producer.Plan, 0, 0, [.. Packets.Delta, .. new byte[1100]]);
    }

    private Instant Now => Instant.FromMilliseconds(20 * _sequence);

    [Theory]
    [InlineData(ClientJson.ChromeCapabilities)]
    [InlineData(CapabilitiesWithoutRtx)]
    public void Answering_a_nack_allocates_nothing(string capabilities)
    {
        (FakePeer receiver, Consumer consumer) = Begin(capabilities);
        ushort first = Packets.Parse(receiver.Sink.Rtp[0].Packet).SequenceNumber.Value;
        receiver.Sink.Keeps = false;
        byte[] nack = Nack(consumer.Plan.Ssrc);

        Assert.Equal(0, Allocated(() =>
        {
            Send();
            BinaryPrimitives.WriteUInt16BigEndian(nack.AsSpan(12), (ushort)(first + _sequence));
            _room.Router.HandleRtcp(Now, receiver.Transport, nack);

            // The same again at once is refused, which costs nothing either.
            _room.Router.HandleRtcp(Now, receiver.Transport, nack);
        }));
        Assert.Equal(_rounds, consumer.GetStatistics().Resent);
        Assert.Equal(_rounds, consumer.GetStatistics().Drops[MediaDropReason.NackThrottled]);
        Assert.Equal(1 + (2 * _rounds), receiver.Sink.RtpCount);
    }

    [Fact]
    public void Asking_for_a_lost_packet_and_unwrapping_its_retransmission_allocates_nothing()
    {
        (FakePeer receiver, _) = Begin(ClientJson.ChromeCapabilities);
        receiver.Sink.Keeps = false;
        byte[] repair = Packets.Rtp(
            _producer.Plan, _producer.Plan.Encodings[0].RtxSsrc, _producer.Plan.RtxPayloadType!.Value, 0, 0, [0, 0, .. Packets.Delta, .. new byte[1100]]);
        ushort repairs = 0;

        Assert.Equal(0, Allocated(() =>
        {
            int lost = ++_sequence;
            Send();
            Send();
            BinaryPrimitives.WriteUInt16BigEndian(repair.AsSpan(2), repairs++);
            BinaryPrimitives.WriteUInt16BigEndian(repair.AsSpan(FixedHeader), (ushort)lost);
            _room.Router.HandleRtp(Now, _sender.Transport, repair);
        }));
        Assert.InRange(_producer.GetStatistics().NacksSent, _rounds, 3 * _rounds);
        Assert.Equal(_rounds, _producer.GetStatistics().Repaired);
        Assert.Equal(1 + (3 * _rounds), receiver.Sink.RtpCount);
    }

    private (FakePeer Receiver, Consumer Consumer) Begin(string capabilities)
    {
        (FakePeer receiver, Consumer consumer) = _room.Consume(_producer, capabilities);
        _room.Router.HandleRtp(Now, _sender.Transport, Packets.Rtp(_producer.Plan, 0, 0, Packets.Key));
        Assert.Single(receiver.Sink.Rtp);
        return (receiver, consumer);
    }

    private void Send()
    {
        _sequence++;
        BinaryPrimitives.WriteUInt16BigEndian(_media.AsSpan(2), (ushort)_sequence);
        BinaryPrimitives.WriteUInt32BigEndian(_media.AsSpan(4), (uint)_sequence * 1800);
        _room.Router.HandleRtp(Now, _sender.Transport, _media);
        while (_room.Router.NextTimeout <= Now + TimeSpan.FromMilliseconds(19))
        {
            _room.Router.HandleTimeout(_room.Router.NextTimeout);
        }
    }

    private long Allocated(Action round)
    {
        Run(WarmUp);
        return AllocationMeter.Count(() => Run(Rounds));

        void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                round();
                _rounds++;
            }
        }
    }

    private static byte[] Nack(Ssrc media)
    {
        RtcpWriter writer = new(new byte[64]);
        Assert.Equal(1, GenericNack.TryWrite(ref writer, new Ssrc(1), media, [new SequenceNumber(0)]));
        return writer.Written.ToArray();
    }
}
