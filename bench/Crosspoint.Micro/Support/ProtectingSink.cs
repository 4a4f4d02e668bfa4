using Crosspoint.Media;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Micro.Support;

/// <summary>Protects each packet straight into a send batch, which is emptied instead of sent: the packet's way without the kernel.</summary>
/// <remarks>Owned by one thread. The batches are shared by the sinks of a room.</remarks>
/// <param name="protector">This consumer's keys; disposed by the sink.</param>
/// <param name="batch">The room's.</param>
/// <param name="crypto">The room's.</param>
/// <param name="remote">Where the packets would go.</param>
public sealed class ProtectingSink(SrtpProtector protector, SendBatch batch, SrtpBatch crypto, TransportAddress remote) : IPacketSink, IDisposable
{
    /// <inheritdoc/>
    public bool IsReady => true;

    /// <summary>RTP packets protected so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Bytes in them.</summary>
    public long Bytes { get; private set; }

    /// <inheritdoc/>
    public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
    {
        Span<byte> room = Reserve(header.Length + prefix.Length + payload.Length + SrtpProfileParameters.MaxRtpExpansion);
        header.CopyTo(room);
        ReadOnlySpan<byte> body = prefix.IsEmpty ? payload : Join(prefix, payload, room[header.Length..]);
        int length = protector.ProtectRtp(crypto, room, header.Length, body);
        if (length > 0)
        {
            batch.Commit(length, remote);
            Packets++;
            Bytes += length;
        }

        if ((traits & PayloadTraits.Stays) == PayloadTraits.None)
        {
            crypto.Complete();
        }
    }

    /// <inheritdoc/>
    public void SendRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
        Span<byte> room = Reserve(packet.Length + SrtpProfileParameters.MaxRtcpExpansion);
        int length = protector.ProtectRtcp(packet, room);
        if (length > 0)
        {
            batch.Commit(length, remote);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => protector.Dispose();

    private static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, Span<byte> into)
    {
        prefix.CopyTo(into);
        payload.CopyTo(into[prefix.Length..]);
        return into[..(prefix.Length + payload.Length)];
    }

    private Span<byte> Reserve(int bytes)
    {
        Span<byte> room = batch.Reserve(bytes);
        if (room.IsEmpty)
        {
            crypto.Complete();
            batch.Clear();
            room = batch.Reserve(bytes);
        }

        return room;
    }
}
