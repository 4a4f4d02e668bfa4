using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;

namespace Crosspoint.Rtc.Tests.Simulation;

/// <summary>An ICE agent as an endpoint; what is not STUN is kept as media when it comes from a validated path.</summary>
public sealed class IceEndpoint(IceAgent agent) : IVirtualEndpoint
{
    public IceAgent Agent { get; } = agent;

    public List<IceEvent> Events { get; } = [];

    public List<(Instant At, int Number)> Media { get; } = [];

    public int UnvalidatedMedia { get; private set; }

    public Instant NextTimeout => Agent.NextTimeout;

    public IcePath Selected => Agent.TryGetSelectedPair(out TransportAddress local, out TransportAddress remote) ? new(local, remote) : default;

    public void HandleTimeout(Instant now)
    {
        Agent.HandleTimeout(now);
        Collect();
    }

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (datagram[0] <= 3)
        {
            Agent.Handle(now, local, remote, datagram);
        }
        else if (Agent.IsValidated(local, remote))
        {
            Media.Add((now, BitConverter.ToInt32(datagram[1..])));
        }
        else
        {
            UnvalidatedMedia++;
        }

        Collect();
    }

    public bool TryTransmit(Instant now, Span<byte> into, out Transmit transmit)
    {
        bool sent = Agent.TryTransmit(now, into, out transmit);
        Collect();
        return sent;
    }

    /// <summary>Sends a numbered datagram to the selected pair; false when there is none.</summary>
    public bool SendMedia(VirtualNetwork network, int number)
    {
        if (!Agent.TryGetSelectedPair(out TransportAddress local, out TransportAddress remote))
        {
            return false;
        }

        byte[] bytes = new byte[100];
        bytes[0] = 0x80;
        BitConverter.TryWriteBytes(bytes.AsSpan(1), number);
        network.Send(local, remote, bytes);
        return true;
    }

    private void Collect()
    {
        while (Agent.TryDequeue(out IceEvent e))
        {
            Events.Add(e);
        }
    }
}
