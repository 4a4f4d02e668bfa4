using System.Net;
using Crosspoint.Micro.Allocations;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tests;

/// <summary>Messages of several datagrams, whole or cut by the kernel (GSO, GRO); run over every implementation of <see cref="UdpSocket"/>.</summary>
public abstract class UdpSegmentsConformance(bool portable, UdpOffload offload = UdpOffload.Auto) : UdpSocketRig(portable, offload)
{
    // 1 datagram to 64, equal sizes and a shorter last, what IPv4 and IPv6 take in one message.
    [Theory]
    [InlineData("127.0.0.1", 1000, 1000)]
    [InlineData("127.0.0.1", 2000, 1000)]
    [InlineData("127.0.0.1", 2001, 1000)]
    [InlineData("127.0.0.1", 640, 10)]
    [InlineData("127.0.0.1", 64, 1)]
    [InlineData("127.0.0.1", 65_000, 1200)]
    [InlineData("127.0.0.1", 64_999, 1016)]
    [InlineData("::1", 2001, 1000)]
    [InlineData("::1", 65_000, 1100)]
    [InlineData("::", 2001, 1000)]
    public void Datagrams_of_one_message_arrive_as_they_were_put(string address, int length, int segment)
    {
        if (address != "127.0.0.1" && !HasIPv6())
        {
            return;
        }

        using UdpSocket left = Open(IPAddress.Parse(address));
        using UdpSocket right = Open(IPAddress.Parse(address));
        using UdpSocket plain = Open(IPAddress.Parse(address));
        IPAddress loopback = address == "::1" ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        int datagrams = (length + segment - 1) / segment;
        var send = new SendBatch();
        foreach (UdpSocket receiver in new[] { right, plain })
        {
            PutSegments(send, TransportAddress.From(loopback, receiver.LocalAddress.Port), TransportAddress.From(loopback, left.LocalAddress.Port), length, segment);
        }

        right.Receive(DatagramBatch.For(right));
        plain.Receive(new DatagramBatch());

        Assert.Equal(2 * datagrams, left.Send(send));
        AssertSegments(ReceiveAll(right, datagrams), TransportAddress.From(loopback, left.LocalAddress.Port), length, segment);
        AssertSegments(ReceiveAll(plain, datagrams, new DatagramBatch()), TransportAddress.From(loopback, left.LocalAddress.Port), length, segment);

        UdpSocketStatistics sent = left.Statistics;
        bool whole = left.Capabilities.SegmentationOffload;
        Assert.Equal((2 * datagrams, 2L * length, 0L, 0L), (sent.DatagramsSent, sent.BytesSent, sent.SendDropped, sent.SegmentationFallbacks));
        Assert.Equal(whole ? 2 : 2 * datagrams, sent.MessagesSent);
        Assert.Equal(whole && datagrams > 1 ? 2 * datagrams : 0, sent.SegmentsSent);
        Assert.Equal((datagrams, (long)length), (right.Statistics.DatagramsReceived, right.Statistics.BytesReceived));
        Assert.Equal(right.Capabilities.ReceiveOffload && whole ? 1 : datagrams, right.Statistics.MessagesReceived);
        Assert.Equal(datagrams, plain.Statistics.MessagesReceived);
    }

    [Fact]
    public void More_datagrams_than_one_system_call_takes_keep_their_order_between_messages()
    {
        using UdpSocket left = Open();
        using UdpSocket right = Open();
        var send = new SendBatch();
        for (int i = 0; i < 40; i++)
        {
            Put(send, right.LocalAddress, 20, (byte)i);
            PutSegments(send, right.LocalAddress, TransportAddress.None, (30 * (i % 20)) + 1, 30);
        }

        int datagrams = 40 + (2 * Enumerable.Range(1, 20).Sum());
        Assert.Equal(datagrams, left.Send(send));
        List<(byte[] Bytes, TransportAddress From)> got = ReceiveAll(right, datagrams);
        int next = 0;
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(Enumerable.Repeat((byte)i, 20).ToArray(), got[next++].Bytes);
            AssertSegments(got[next..(next + (i % 20) + 1)], left.LocalAddress, (30 * (i % 20)) + 1, 30);
            next += (i % 20) + 1;
        }
    }

    [Fact]
    public void Segments_that_are_longer_than_the_batch_keeps_are_dropped_and_counted_and_a_shorter_last_is_kept()
    {
        using UdpSocket left = Open();
        using UdpSocket right = Open();
        var batch = new DatagramBatch(8, 100, merging: right.Capabilities.ReceiveOffload);
        right.Receive(batch);
        var send = new SendBatch();
        PutSegments(send, right.LocalAddress, TransportAddress.None, 350, 101);
        Put(send, right.LocalAddress, 100, 9);
        left.Send(send);

        List<(byte[] Bytes, TransportAddress From)> got = ReceiveAll(right, 2, batch);

        Assert.Equal([47, 100], got.Select(d => d.Bytes.Length));
        Assert.Equal(3, right.Statistics.ReceiveDroppedTruncated);
        Assert.Equal(147, right.Statistics.BytesReceived);
    }

    [Fact]
    public void Messages_of_several_datagrams_allocate_nothing()
    {
        using UdpSocket left = Open(IPAddress.IPv6Any);
        using UdpSocket right = Open();
        TransportAddress from = TransportAddress.From(IPAddress.Loopback, left.LocalAddress.Port);
        var send = new SendBatch();
        DatagramBatch receive = DatagramBatch.For(right);
        int rounds = 0;
        Assert.Equal(0, AllocationMeter.Count(100, () =>
        {
            rounds++;
            for (int message = 0; message < 3; message++)
            {
                send.Reserve(SendBatch.MaxMessageBytes);
                send.Commit(4500, 1000, right.LocalAddress, from);
            }

            left.Send(send);
            for (int got = 0; got < 15; got += right.Receive(receive))
            {
                right.Wait(Patience);
            }
        }));
        Assert.Equal(rounds * 15, right.Statistics.DatagramsReceived);
    }

    [Fact]
    public void A_batch_without_room_for_merged_messages_gets_single_ones()
    {
        using UdpSocket left = Open();
        using UdpSocket right = Open();
        var small = new DatagramBatch(64);
        DatagramBatch large = DatagramBatch.For(right);
        foreach (DatagramBatch batch in new[] { large, small, large })
        {
            right.Receive(batch);
            var send = new SendBatch();
            PutSegments(send, right.LocalAddress, TransportAddress.None, 4500, 1000);
            Assert.Equal(5, left.Send(send));
            AssertSegments(ReceiveAll(right, 5, batch), left.LocalAddress, 4500, 1000);
        }
    }

    private static void AssertSegments(List<(byte[] Bytes, TransportAddress From)> got, TransportAddress from, int length, int segment)
    {
        byte[] all = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 / 7))];
        Assert.Equal(all.Chunk(segment), got.Select(datagram => datagram.Bytes));
        Assert.All(got, datagram => Assert.Equal(from, datagram.From));
    }
}

public sealed class PortableUdpSegmentsTests() : UdpSegmentsConformance(portable: true);

public sealed class DefaultUdpSegmentsTests() : UdpSegmentsConformance(portable: !(OperatingSystem.IsLinux() && Environment.Is64BitProcess));

public sealed class PlainUdpSegmentsTests() : UdpSegmentsConformance(portable: !(OperatingSystem.IsLinux() && Environment.Is64BitProcess), UdpOffload.Off);
