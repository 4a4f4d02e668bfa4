using System.Buffers.Binary;
using Crosspoint.Media;
using Crosspoint.Micro.Support;
using Crosspoint.Primitives;

namespace Crosspoint.Workers.Tests.Fairness;

/// <summary>One track: makes protected packets that carry their number and time, and as its own audience puts each into the flight so many times.</summary>
internal sealed class FairTrack(MicroPeers peers, byte payloadType, uint ssrc, Egress egress, WebRtcTransport listener, int audience) : IPacketSink
{
    // 16 more bytes behind the VP8 descriptor, an intra frame's header and number and time.
    private readonly byte[] _payload = new byte[200];
    private readonly byte[] _header = new byte[12];

    // Every packet of a turn keeps its bytes until the turn ends.
    private readonly byte[] _datagrams = GC.AllocateArray<byte>(1024 * 512, pinned: true);
    private long _sent;

    /// <summary>Packets that reached the audience.</summary>
    public long Forwarded { get; private set; }

    /// <summary>The number of the last of them.</summary>
    public long Last { get; private set; } = -1;

    public bool IsInOrder { get; private set; } = true;

    /// <summary>From its arrival at the worker to the flight.</summary>
    public TimeSpan LongestDelay { get; private set; }

    public bool IsReady => true;

    /// <summary>The next packet, as it comes from the network.</summary>
    public ReceivedDatagram Next(Instant now)
    {
        _header[0] = 0x80;
        _header[1] = payloadType;
        BinaryPrimitives.WriteUInt16BigEndian(_header.AsSpan(2), (ushort)_sent);
        BinaryPrimitives.WriteUInt32BigEndian(_header.AsSpan(4), (uint)(_sent * 100));
        BinaryPrimitives.WriteUInt32BigEndian(_header.AsSpan(8), ssrc);
        _payload.AsSpan(0, 11).Clear();
        _payload[0] = 0x10; // VP8: start of a partition; the frame is an intra frame, so that forwarding may begin at any of them
        (_payload[4], _payload[5], _payload[6]) = (0x9D, 0x01, 0x2A);
        BinaryPrimitives.WriteInt64BigEndian(_payload.AsSpan(16), _sent);
        BinaryPrimitives.WriteInt64BigEndian(_payload.AsSpan(24), now.Ticks);
        Span<byte> datagram = _datagrams.AsSpan((int)(_sent++ % 1024) * 512, 512);
        int length = peers.Client.Session.ProtectRtp(_header, _payload, datagram);
        return new ReceivedDatagram(MicroPeers.ServerAddress, peers.ClientAddress, datagram[..length]);
    }

    public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
    {
        long number = BinaryPrimitives.ReadInt64BigEndian(payload[16..]);
        TimeSpan delay = now - new Instant(BinaryPrimitives.ReadInt64BigEndian(payload[24..]));
        IsInOrder &= number > Last;
        Last = number;
        LongestDelay = delay > LongestDelay ? delay : LongestDelay;
        Forwarded++;
        for (int i = 0; i < audience; i++)
        {
            egress.SendRtp(listener, header, default, payload, PayloadTraits.Stays);
        }
    }

    public void SendRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
    }
}
