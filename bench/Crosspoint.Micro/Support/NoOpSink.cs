using Crosspoint.Media;
using Crosspoint.Primitives;

namespace Crosspoint.Micro.Support;

/// <summary>Counts what it is given and does nothing with it: what remains is the router.</summary>
public sealed class NoOpSink : IPacketSink
{
    /// <inheritdoc/>
    public bool IsReady => true;

    /// <summary>RTP packets so far.</summary>
    public long Packets { get; private set; }

    /// <inheritdoc/>
    public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits) => Packets++;

    /// <inheritdoc/>
    public void SendRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
    }
}
