using Crosspoint.Primitives;
using Crosspoint.Rtc.Demux;

namespace Crosspoint.Workers;

/// <summary>One datagram on its way through a worker, classified once: everything after goes by <see cref="Class"/>.</summary>
/// <param name="local">Where it arrived.</param>
/// <param name="source">Where it came from.</param>
/// <param name="bytes">The whole of it, in memory that stays until the turn ends or as its <see cref="Crosspoint.Media.PayloadTraits"/> say.</param>
internal readonly ref struct ReceivedDatagram(TransportAddress local, TransportAddress source, Span<byte> bytes)
{
    /// <summary>The address of ours it was sent to.</summary>
    public readonly TransportAddress Local = local;

    /// <summary>Its sender's address.</summary>
    public readonly TransportAddress Source = source;

    /// <summary>Its bytes; protection is taken off in place.</summary>
    public readonly Span<byte> Bytes = bytes;

    /// <summary>What it claims to be.</summary>
    public readonly PacketClass Class = PacketClassifier.Classify(bytes);
}
