using System.Net;
using System.Net.Sockets;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tests;

/// <summary>What every implementation of <see cref="UdpSocket"/> does; run over each of them.</summary>
public abstract class UdpSocketConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly bool _portable;
    private readonly UdpOffload _offload;

    protected UdpSocketConformance(bool portable, UdpOffload offload = UdpOffload.Auto) => (_portable, _offload) = (portable, offload);

    private bool Offloads => !_portable && _offload == UdpOffload.Auto;

    protected UdpSocket Open(IPAddress? address = null, ushort min = 0, ushort max = 0, TimeSpan? stallLimit = null) => UdpSocket.Open(new UdpSocketOptions
    {
        Address = address ?? IPAddress.Loopback,
        MinPort = min,
        MaxPort = max,
        Implementation = _portable ? UdpImplementation.Portable : null,
        Offload = _offload,
        SendStallLimit = stallLimit ?? TimeSpan.FromMilliseconds(2),
    });

    [Fact]
    public void Datagrams_arrive_with_their_bytes_their_source_and_in_order()
    {
        using UdpSocket left = Open();
        using UdpSocket right = Open();
        var send = new SendBatch();
        for (int i = 0; i < 50; i++)
        {
            Put(send, right.LocalAddress, i + 1, (byte)i);
        }

        Assert.Equal(50, left.Send(send));
        Assert.True(send.IsEmpty);
        List<(byte[] Bytes, TransportAddress From)> got = ReceiveAll(right, 50);

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(Enumerable.Repeat((byte)i, i + 1).ToArray(), got[i].Bytes);
            Assert.Equal(left.LocalAddress, got[i].From);
        }

        Assert.Equal(50, left.Statistics.DatagramsSent);
        Assert.Equal(50 * 51 / 2, left.Statistics.BytesSent);
        Assert.Equal(50, right.Statistics.DatagramsReceived);
        Assert.Equal(50 * 51 / 2, right.Statistics.BytesReceived);
    }

    [Fact]
    public void More_than_a_batch_waits_for_the_next_call()
    {
        using UdpSocket left = Open();
        using UdpSocket right = Open();
        SendSome(left, right.LocalAddress, 10);
        var batch = new DatagramBatch(4);

        Assert.Equal(WaitResult.Readable, right.Wait(Patience));
        Assert.Equal(4, right.Receive(batch));
        Assert.Equal(4, right.Receive(batch));
        Assert.Equal(2, right.Receive(batch));
        Assert.Equal(0, right.Receive(batch));
        Assert.Equal(0, batch.Count);
    }

    [Fact]
    public void Receiving_from_an_empty_queue_returns_at_once()
    {
        using UdpSocket socket = Open();
        Assert.Equal(0, socket.Receive(new DatagramBatch()));
        Assert.Equal(0, socket.Statistics.ReceiveErrors);
    }

    [Fact]
    public void One_socket_serves_IPv4_and_IPv6_when_the_machine_does()
    {
        using UdpSocket server = Open(IPAddress.IPv6Any);
        using UdpSocket over4 = Open();
        SendSome(over4, TransportAddress.From(IPAddress.Loopback, server.LocalAddress.Port), 1);
        List<(byte[] Bytes, TransportAddress From)> got = ReceiveAll(server, 1);
        Assert.Equal(over4.LocalAddress, got[0].From);
        SendSome(server, got[0].From, 1);
        Assert.Equal(TransportAddress.From(IPAddress.Loopback, server.LocalAddress.Port), ReceiveAll(over4, 1)[0].From);

        if (HasIPv6())
        {
            Assert.True(server.Capabilities.DualStack);
            using UdpSocket over6 = Open(IPAddress.IPv6Loopback);
            SendSome(over6, TransportAddress.From(IPAddress.IPv6Loopback, server.LocalAddress.Port), 1);
            got = ReceiveAll(server, 1);
            Assert.Equal(over6.LocalAddress, got[0].From);
            SendSome(server, got[0].From, 1);
            Assert.Single(ReceiveAll(over6, 1));
        }
    }

    [Theory]
    [InlineData("::")]
    [InlineData("0.0.0.0")]
    public void A_socket_on_every_interface_answers_from_the_address_that_was_asked(string everywhere)
    {
        using UdpSocket server = Open(IPAddress.Parse(everywhere));
        using UdpSocket peer = Open();
        Assert.Equal(!_portable, server.Capabilities.LocalAddresses);
        foreach (string address in server.Capabilities.LocalAddresses ? new[] { "127.0.0.2", "127.0.0.1", "127.0.0.3" } : [])
        {
            TransportAddress asked = TransportAddress.From(IPAddress.Parse(address), server.LocalAddress.Port);
            SendSome(peer, asked, 1);
            var batch = new DatagramBatch();
            Assert.Equal(WaitResult.Readable, server.Wait(Patience));
            Assert.Equal(1, server.Receive(batch));
            Assert.Equal(asked, batch.Local(0));

            var answer = new SendBatch();
            answer.Reserve(1);
            answer.Commit(1, batch.Source(0), batch.Local(0));
            Assert.Equal(1, server.Send(answer));
            Assert.Equal(asked, ReceiveAll(peer, 1)[0].From);
        }

        // Left to the system, or with a system that cannot be told, an answer arrives all the same.
        SendSome(server, peer.LocalAddress, 1);
        Assert.Equal(TransportAddress.From(IPAddress.Loopback, server.LocalAddress.Port), ReceiveAll(peer, 1)[0].From);
    }

    [Fact]
    public void A_socket_on_one_address_says_that_one()
    {
        using UdpSocket server = Open();
        using UdpSocket peer = Open();
        SendSome(peer, server.LocalAddress, 1);
        var batch = new DatagramBatch();
        server.Wait(Patience);
        Assert.Equal(1, server.Receive(batch));
        Assert.Equal(server.LocalAddress, batch.Local(0));
    }

    [Fact]
    public void A_datagram_longer_than_a_slot_is_dropped_and_counted_and_the_others_are_kept()
    {
        using UdpSocket left = Open();
        using UdpSocket right = Open();
        var send = new SendBatch();
        Put(send, right.LocalAddress, 100, 1);
        Put(send, right.LocalAddress, 101, 2);
        Put(send, right.LocalAddress, 99, 3);
        left.Send(send);

        List<(byte[] Bytes, TransportAddress From)> got = ReceiveAll(right, 2, new DatagramBatch(8, 100));

        Assert.Equal([1, 3], got.Select(d => d.Bytes[0]));
        Assert.Equal([100, 99], got.Select(d => d.Bytes.Length));
        Assert.Equal(1, right.Statistics.ReceiveDroppedTruncated);
        Assert.Equal(2, right.Statistics.DatagramsReceived);
    }

    [Fact]
    public void An_empty_datagram_is_a_datagram()
    {
        using UdpSocket socket = Open();
        using var plain = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        plain.Send([], socket.LocalAddress.ToIPEndPoint());
        Assert.Empty(ReceiveAll(socket, 1)[0].Bytes);
    }

    [Fact]
    public void A_datagram_that_cannot_be_sent_does_not_hold_the_others()
    {
        using UdpSocket left = Open();
        using UdpSocket right = Open();
        var send = new SendBatch(8, 80_000);
        TransportAddress to = right.LocalAddress;
        Put(send, to with { Port = 0 }, 10, 0);
        Put(send, to, 10, 1);
        Put(send, to, 65_508, 0);
        Put(send, to, 10, 2);
        Put(send, TransportAddress.From(IPAddress.Broadcast, 9), 10, 0);
        Put(send, to, 10, 3);

        Assert.Equal(3, left.Send(send));

        Assert.Equal([1, 2, 3], ReceiveAll(right, 3).Select(d => d.Bytes[0]));
        UdpSocketStatistics statistics = left.Statistics;
        Assert.Equal(3, statistics.SendDropped);
        Assert.Equal(1, statistics.SendDroppedTooBig);
        Assert.Equal(1, statistics.SendDroppedInvalidAddress);
        Assert.Equal(1, statistics.SendDroppedNotPermitted + statistics.SendDroppedUnreachable);
        Assert.Equal(3, statistics.DatagramsSent);
        Assert.Equal(30, statistics.BytesSent);
    }

    [Fact]
    public void A_closed_port_on_the_other_side_does_not_disturb_the_socket()
    {
        using UdpSocket left = Open();
        using UdpSocket right = Open();
        TransportAddress gone;
        using (UdpSocket closed = Open())
        {
            gone = closed.LocalAddress;
        }

        for (int i = 0; i < 20; i++)
        {
            SendSome(left, gone, 1);
            Assert.Equal(0, left.Receive(new DatagramBatch()));
            SendSome(left, right.LocalAddress, 1);
        }

        Assert.Equal(20, ReceiveAll(right, 20).Count);
        Assert.Equal(0, left.Statistics.ReceiveErrors);
    }

    [Fact]
    public void The_first_free_port_of_the_range_is_taken()
    {
        ushort first = FreeRange(3);
        using UdpSocket one = Open(min: first, max: (ushort)(first + 2));
        using UdpSocket two = Open(min: first, max: (ushort)(first + 2));
        Assert.Equal(first, one.LocalAddress.Port);
        Assert.Equal(first + 1, two.LocalAddress.Port);
    }

    [Fact]
    public void A_range_without_a_free_port_says_so()
    {
        using UdpSocket taken = Open();
        ushort port = taken.LocalAddress.Port;
        SocketException e = Assert.Throws<SocketException>(() => Open(min: port, max: port));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(6, 5)]
    public void A_range_that_is_empty_is_misuse(int min, int max) =>
        Assert.Throws<ArgumentException>(() => Open(min: (ushort)min, max: (ushort)max));

    [Fact]
    public void A_wait_runs_out() => Assert.Equal(WaitResult.TimedOut, Open().Wait(TimeSpan.FromMilliseconds(1)));

    [Fact]
    public void A_wake_before_the_wait_is_not_lost_and_many_are_one()
    {
        using UdpSocket socket = Open();
        socket.Wake();
        socket.Wake();
        socket.Wake();
        Assert.True(socket.Wait(Patience).HasFlag(WaitResult.Woken));
        Assert.Equal(1, socket.Statistics.Wakes);
        Assert.Equal(0, socket.Receive(new DatagramBatch()));
        Assert.Equal(WaitResult.TimedOut, socket.Wait(TimeSpan.Zero));
        Assert.Equal(0, socket.Statistics.DatagramsReceived);
    }

    [Fact]
    public void Rest_ends_at_a_wake_up_and_takes_no_datagram()
    {
        using UdpSocket socket = Open();
        using UdpSocket other = Open();
        SendBatch batch = new();
        batch.Reserve(3);
        batch.Commit(3, socket.LocalAddress);
        other.Send(batch);
        Assert.Equal(WaitResult.Readable, socket.Wait(Patience));
        socket.Wake();

        socket.Rest(Patience);

        var received = DatagramBatch.For(socket);
        Assert.True(socket.Wait(Patience).HasFlag(WaitResult.Readable));
        Assert.Equal(1, socket.Receive(received));
    }

    [Fact]
    public void Every_wake_from_another_thread_is_seen()
    {
        using UdpSocket socket = Open();
        var batch = new DatagramBatch();
        using var turn = new SemaphoreSlim(0);
        const int Rounds = 2000;
        int asked = 0;
        var other = new Thread(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                Volatile.Write(ref asked, i + 1);
                socket.Wake();
                Assert.True(turn.Wait(Patience), "waited for the owner to see a wake-up");
            }
        });
        other.Start();
        for (int seen = 0; seen < Rounds;)
        {
            Assert.NotEqual(WaitResult.TimedOut, socket.Wait(Patience));
            socket.Receive(batch);
            if (Volatile.Read(ref asked) > seen)
            {
                seen++;
                turn.Release();
            }
        }

        Assert.True(other.Join(Patience));
    }

    [Fact]
    public void Wakes_while_the_owner_returns_leave_it_wakeable()
    {
        using UdpSocket socket = Open();
        var batch = new DatagramBatch();
        bool over = false;
        var other = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
                socket.Wake();
                Thread.SpinWait(5);
            }
        });
        other.Start();
        for (int i = 0; i < 2000; i++)
        {
            Assert.NotEqual(WaitResult.TimedOut, socket.Wait(Patience));
            socket.Receive(batch);
        }

        Volatile.Write(ref over, true);
        Assert.True(other.Join(Patience));
    }

    [Fact]
    public void Waking_a_closed_socket_is_harmless()
    {
        UdpSocket socket = Open();
        socket.Dispose();
        socket.Wake();
        socket.Dispose();
    }

    [Fact]
    public void Turns_allocate_nothing()
    {
        using UdpSocket left = Open();
        using UdpSocket right = Open();
        var send = new SendBatch();
        var receive = DatagramBatch.For(right);
        for (int i = 0; i < 200; i++)
        {
            Turn(left, right, send, receive);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 500; i++)
        {
            Turn(left, right, send, receive);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(700 * 16, right.Statistics.DatagramsReceived);
    }

    [Fact]
    public void The_report_of_what_was_obtained_is_true()
    {
        using UdpSocket socket = Open();
        Assert.Equal(_portable ? UdpImplementation.Portable : UdpImplementation.Linux, socket.Capabilities.Implementation);
        Assert.Equal(!_portable, socket.Capabilities.BatchedSystemCalls);
        Assert.True(socket.Capabilities.ReceiveBufferBytes > 0);
        Assert.True(socket.Capabilities.SendBufferBytes > 0);
        Assert.Equal(OperatingSystem.IsLinux(), socket.Capabilities.PathMtuProbing);
        Assert.False(!Offloads && (socket.Capabilities.SegmentationOffload || socket.Capabilities.ReceiveOffload));
    }

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
        long least = long.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            // The framework allocates once here and there while it warms up; what a datagram costs would be in every round.
            long before = GC.GetAllocatedBytesForCurrentThread();
            Rounds(100);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(400 * 15, right.Statistics.DatagramsReceived);

        void Rounds(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Round();
            }
        }

        void Round()
        {
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
        }
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

    internal static void PutSegments(SendBatch batch, TransportAddress to, TransportAddress from, int length, int segment)
    {
        Span<byte> room = batch.Reserve(length);
        for (int i = 0; i < length; i++)
        {
            room[i] = (byte)(i * 31 / 7);
        }

        batch.Commit(length, segment, to, from);
    }

    private static void AssertSegments(List<(byte[] Bytes, TransportAddress From)> got, TransportAddress from, int length, int segment)
    {
        byte[] all = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 / 7))];
        Assert.Equal(all.Chunk(segment), got.Select(datagram => datagram.Bytes));
        Assert.All(got, datagram => Assert.Equal(from, datagram.From));
    }

    internal static void Put(SendBatch batch, TransportAddress to, int length, byte fill)
    {
        Span<byte> room = batch.Reserve(length);
        Assert.Equal(length, room.Length);
        room.Fill(fill);
        batch.Commit(length, to);
    }

    internal static void SendSome(UdpSocket from, TransportAddress to, int count)
    {
        var batch = new SendBatch();
        for (int i = 0; i < count; i++)
        {
            Put(batch, to, 20, (byte)i);
        }

        Assert.Equal(count, from.Send(batch));
    }

    internal static List<(byte[] Bytes, TransportAddress From)> ReceiveAll(UdpSocket socket, int count, DatagramBatch? batch = null)
    {
        batch ??= DatagramBatch.For(socket);
        var all = new List<(byte[], TransportAddress)>();
        while (all.Count < count)
        {
            Assert.True(socket.Wait(Patience) != WaitResult.TimedOut, $"waited for datagram {all.Count + 1} of {count}");
            socket.Receive(batch);
            for (int i = 0; i < batch.Count; i++)
            {
                all.Add((batch.Datagram(i).ToArray(), batch.Source(i)));
            }
        }

        Assert.Equal(count, all.Count);
        return all;
    }

    private static void Turn(UdpSocket left, UdpSocket right, SendBatch send, DatagramBatch receive)
    {
        for (int i = 0; i < 16; i++)
        {
            send.Reserve(1200);
            send.Commit(1000, right.LocalAddress);
        }

        left.Send(send);
        right.Wake();
        int got = 0;
        while (got < 16)
        {
            right.Wait(Patience);
            got += right.Receive(receive);
        }
    }

    private static bool HasIPv6()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Below the ephemeral range, so that nobody is given one of them meanwhile.
    private static ushort FreeRange(int count)
    {
        for (ushort first = (ushort)Random.Shared.Next(20_000, 30_000); ; first += 7)
        {
            if (Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

public sealed class PortableUdpSocketTests() : UdpSocketConformance(portable: true);

public sealed class DefaultUdpSocketTests() : UdpSocketConformance(portable: !(OperatingSystem.IsLinux() && Environment.Is64BitProcess));

public sealed class PlainUdpSocketTests() : UdpSocketConformance(portable: !(OperatingSystem.IsLinux() && Environment.Is64BitProcess), UdpOffload.Off);
