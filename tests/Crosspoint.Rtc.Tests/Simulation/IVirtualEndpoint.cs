using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Tests.Simulation;

/// <summary>What a <see cref="VirtualNetwork"/> drives: the sans-IO surface every protocol here has.</summary>
public interface IVirtualEndpoint
{
    Instant NextTimeout { get; }

    void HandleTimeout(Instant now);

    void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram);

    bool TryTransmit(Instant now, Span<byte> into, out Transmit transmit);
}
