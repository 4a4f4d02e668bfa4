using System.Net;
using System.Net.Sockets;
using Crosspoint.Micro.Allocations;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tests;

/// <summary>What every implementation of <see cref="UdpSocket"/> does; run over each of them.</summary>
public abstract class UdpSocketConformance(bool portable, UdpOffload offload = UdpOffload.Auto) : UdpSocketRig(portable, offload)
{
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
        Assert.Equal(!IsPortable, server.Capabilities.LocalAddresses);
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
    public void Turns_allocate_nothing()
    {
        using UdpSocket left = Open();
        using UdpSocket right = Open();
        var send = new SendBatch();
        var receive = DatagramBatch.For(right);
        int turns = 0;
        Assert.Equal(0, AllocationMeter.Count(500, () =>
        {
            Turn(left, right, send, receive);
            turns++;
        }));
        Assert.Equal(turns * 16, right.Statistics.DatagramsReceived);
    }

    [Fact]
    public void The_report_of_what_was_obtained_is_true()
    {
        using UdpSocket socket = Open();
        Assert.Equal(IsPortable ? UdpImplementation.Portable : UdpImplementation.Linux, socket.Capabilities.Implementation);
        Assert.Equal(!IsPortable, socket.Capabilities.BatchedSystemCalls);
        Assert.True(socket.Capabilities.ReceiveBufferBytes > 0);
        Assert.True(socket.Capabilities.SendBufferBytes > 0);
        Assert.Equal(OperatingSystem.IsLinux(), socket.Capabilities.PathMtuProbing);
        Assert.False(!Offloads && (socket.Capabilities.SegmentationOffload || socket.Capabilities.ReceiveOffload));
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
