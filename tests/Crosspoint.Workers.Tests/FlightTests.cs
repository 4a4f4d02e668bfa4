using Crosspoint.Media;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Workers.Tests;

public class FlightTests
{
    private const int Tag = 16;

    private readonly Flight _flight = new();
    private readonly WebRtcTransport _transport = Transport();

    // Sizes of packets in order; sizes of the messages they leave in, "n×size" with the last one's own size behind it.
    [Theory]
    [InlineData("1000", false, "1×1000")]
    [InlineData("1000 1000 1000", false, "3×1000")]
    [InlineData("1000 1000 400", false, "3×1000(400)")]
    [InlineData("1000 400 1000", false, "2×1000(400) 1×1000")]
    [InlineData("400 1000", false, "1×400 1×1000")]
    [InlineData("999 999 1000 1000", false, "2×999 2×1000")]
    [InlineData("999 999 1000 1000", true, "4×1000")]
    [InlineData("1000 999 1000 999", true, "4×1000(999)")]
    [InlineData("1000 984 1000", true, "3×1000")]
    [InlineData("1000 983 1000", true, "2×1000(983) 1×1000")]
    [InlineData("990 1000 1007", true, "2×1000 1×1007")]
    [InlineData("990 1000 400", true, "3×1000(400)")]
    public void Packets_leave_in_as_few_messages_as_their_sizes_allow(string sizes, bool mayBePadded, string expected)
    {
        foreach (string size in sizes.Split(' '))
        {
            Add(int.Parse(size), mayBePadded);
        }

        Assert.Equal(expected, string.Join(' ', Messages()));
    }

    [Fact]
    public void Padded_and_unpadded_packets_do_not_mix_sizes()
    {
        Add(1000, true);
        Add(995, false);
        Add(1000, true);

        Assert.Equal(["2×1000(995)", "1×1000"], Messages());
    }

    [Fact]
    public void A_message_has_no_more_segments_than_the_kernel_takes()
    {
        for (int i = 0; i < SendBatch.MaxSegments + 5; i++)
        {
            Add(100, false);
        }

        Assert.Equal([$"{SendBatch.MaxSegments}×100", "5×100"], Messages());
    }

    [Fact]
    public void A_message_is_no_longer_than_a_datagram_can_be()
    {
        for (int i = 0; i < 60; i++)
        {
            Add(1184, false);
        }

        int most = SendBatch.MaxMessageBytes / 1200;
        Assert.Equal([$"{most}×1184", $"{60 - most}×1184"], Messages());
    }

    [Fact]
    public void Random_packets_all_leave_once_in_order_and_within_the_rules()
    {
        Random random = new(303);
        for (int round = 0; round < 300; round++)
        {
            _flight.Clear();
            int count = random.Next(1, 150);
            List<int> sizes = [];
            for (int i = 0; i < count; i++)
            {
                int size = random.Next(3) switch { 0 => 100 + random.Next(20), 1 => 1180 + random.Next(12), _ => 1184 };
                sizes.Add(size);
                Add(size, random.Next(4) != 0);
            }

            List<int> left = [];
            for (int next = _transport.Departing.First; next >= 0;)
            {
                FlightMessage message = FlightMessage.Take(_flight, next, Tag);
                int packets = 0;
                for (int index = message.First; index != message.End; index = _flight[index].Next, packets++)
                {
                    Flight.Packet packet = _flight[index];
                    left.Add(packet.Length);
                    Assert.True(packet.Length + Tag <= message.SegmentBytes);
                    Assert.True(packet.Next == message.End || packet.Length == message.LargestPacket || packet.MayBePadded);
                }

                Assert.Equal(packets, message.Count);
                Assert.InRange(message.MaxBytes, 1, SendBatch.MaxMessageBytes);
                next = message.End;
            }

            Assert.Equal(sizes, left);
        }
    }

    [Fact]
    public void Each_transport_keeps_its_own_order()
    {
        WebRtcTransport other = Transport();
        for (int i = 0; i < 4; i++)
        {
            Assert.True(_flight.TryAdd(i % 2 == 0 ? _transport : other, [(byte)i], default, new byte[10], PayloadTraits.None));
        }

        Assert.Equal([_transport, other], _flight.Transports.ToArray());
        Assert.Equal([0, 2], Headers(_transport));
        Assert.Equal([1, 3], Headers(other));
    }

    [Fact]
    public void A_payload_that_does_not_stay_is_copied()
    {
        byte[] payload = GC.AllocateArray<byte>(3, pinned: true);
        payload[0] = 7;
        _flight.TryAdd(_transport, [1], default, payload, PayloadTraits.None);
        _flight.TryAdd(_transport, [2], default, payload, PayloadTraits.Stays);

        payload[0] = 8;

        Assert.Equal(7, _flight[_transport.Departing.First].Payload[0]);
        Assert.Equal(8, _flight[_transport.Departing.Last].Payload[0]);
    }

    // The prefix lies beside the header; sizes count it, so that packets with and without one leave together.
    [Fact]
    public void A_prefix_is_kept_and_comes_before_the_payload()
    {
        byte[] payload = GC.AllocateArray<byte>(8, pinned: true);
        payload[0] = 7;
        byte[] prefix = [1, 2, 3];
        Assert.True(_flight.TryAdd(_transport, new byte[12], prefix, payload.AsSpan(0, 5), PayloadTraits.Stays));
        Assert.True(_flight.TryAdd(_transport, new byte[12], default, payload, PayloadTraits.Stays));

        prefix[0] = 9;

        Flight.Packet packet = _flight[_transport.Departing.First];
        byte[] body = new byte[8];
        packet.CopyBodyTo(body);
        Assert.Equal([1, 2, 3, 7, 0, 0, 0, 0], body);
        Assert.Equal(20, packet.Length);
        Assert.Equal(["2×20"], Messages());
    }

    [Fact]
    public void A_full_flight_says_so_and_is_empty_after_it_left()
    {
        byte[] payload = new byte[2000];
        int taken = 0;
        while (_flight.TryAdd(_transport, new byte[12], default, payload, PayloadTraits.None))
        {
            taken++;
        }

        Assert.InRange(taken, 100, 100_000);
        _flight.Clear();
        Assert.True(_flight.IsEmpty && _transport.Departing.IsEmpty);
        Assert.True(_flight.TryAdd(_transport, new byte[12], default, payload, PayloadTraits.None));
    }

    private static WebRtcTransport Transport() => new(Instant.Zero, new WorkerPoolOptions(), null!, null!, "t", null!);

    private void Add(int size, bool mayBePadded) =>
        Assert.True(_flight.TryAdd(_transport, new byte[12], default, new byte[size - 12], mayBePadded ? PayloadTraits.MayBePadded : PayloadTraits.None));

    private List<string> Messages()
    {
        List<string> messages = [];
        for (int next = _transport.Departing.First; next >= 0;)
        {
            FlightMessage message = FlightMessage.Take(_flight, next, Tag);
            int last = 0;
            for (int index = message.First; index != message.End; index = _flight[index].Next)
            {
                last = _flight[index].Length;
            }

            messages.Add($"{message.Count}×{message.LargestPacket}{(last < message.LargestPacket ? $"({last})" : "")}");
            next = message.End;
        }

        return messages;
    }

    private List<int> Headers(WebRtcTransport transport)
    {
        List<int> headers = [];
        for (int index = transport.Departing.First; index >= 0; index = _flight[index].Next)
        {
            headers.Add(_flight[index].Header[0]);
        }

        return headers;
    }
}
