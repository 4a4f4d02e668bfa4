using System.Net;
using System.Net.Sockets;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;

namespace Crosspoint.Workers.Client;

/// <summary>A UDP socket of its own, on the address that leads to the server.</summary>
internal sealed class UdpClientLink(IPEndPoint server) : ClientLink
{
    private readonly UdpSocket _socket = UdpSocket.Open(new UdpSocketOptions { Address = LocalAddressTowards(server) });
    private readonly DatagramBatch _incoming = new();
    private readonly SendBatch _outgoing = new(64);
    private int _count;
    private int _next;

    public override IceCandidate Open() => IceCandidate.Host(_socket.LocalAddress);

    public override void Wake() => _socket.Wake();

    public override void Wait(TimeSpan timeout)
    {
        _socket.Wait(timeout);
        (_count, _next) = (_socket.Receive(_incoming), 0);
    }

    public override bool TryReceive(out TransportAddress source, out Span<byte> datagram)
    {
        if (_next == _count)
        {
            source = default;
            datagram = default;
            return false;
        }

        source = _incoming.Source(_next);
        datagram = _incoming.Datagram(_next++);
        return true;
    }

    public override Span<byte> Reserve(int bytes)
    {
        Span<byte> room = _outgoing.Reserve(bytes);
        if (room.IsEmpty)
        {
            _socket.Send(_outgoing);
            room = _outgoing.Reserve(bytes);
        }

        return room;
    }

    public override void Commit(int length, in TransportAddress remote) => _outgoing.Commit(length, remote);

    public override void Flush()
    {
        if (!_outgoing.IsEmpty)
        {
            _socket.Send(_outgoing);
        }
    }

    public override void Dispose() => _socket.Dispose();

    // The kernel knows which of our addresses leads there; connecting a UDP socket sends nothing.
    private static IPAddress LocalAddressTowards(IPEndPoint server)
    {
        using Socket probe = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        probe.Connect(server);
        return ((IPEndPoint)probe.LocalEndPoint!).Address;
    }
}
