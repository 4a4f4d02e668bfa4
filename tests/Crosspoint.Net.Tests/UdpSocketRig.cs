using System.Net;
using System.Net.Sockets;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tests;

/// <summary>Opens sockets of one implementation of <see cref="UdpSocket"/>, and moves datagrams between two of them.</summary>
public abstract class UdpSocketRig
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly bool _portable;
    private readonly UdpOffload _offload;

    protected UdpSocketRig(bool portable, UdpOffload offload = UdpOffload.Auto) => (_portable, _offload) = (portable, offload);

    protected bool IsPortable => _portable;

    protected bool Offloads => !_portable && _offload == UdpOffload.Auto;

    protected UdpSocket Open(IPAddress? address = null, ushort min = 0, ushort max = 0, TimeSpan? stallLimit = null) => UdpSocket.Open(new UdpSocketOptions
    {
        Address = address ?? IPAddress.Loopback,
        MinPort = min,
        MaxPort = max,
        Implementation = _portable ? UdpImplementation.Portable : null,
        Offload = _offload,
        SendStallLimit = stallLimit ?? TimeSpan.FromMilliseconds(2),
    });

    internal static void PutSegments(SendBatch batch, TransportAddress to, TransportAddress from, int length, int segment)
    {
        Span<byte> room = batch.Reserve(length);
        for (int i = 0; i < length; i++)
        {
            room[i] = (byte)(i * 31 / 7);
        }

        batch.Commit(length, segment, to, from);
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

    protected static void Turn(UdpSocket left, UdpSocket right, SendBatch send, DatagramBatch receive)
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

    protected static bool HasIPv6()
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
}
