using Crosspoint.Netem;
using Crosspoint.Primitives;

namespace Crosspoint.Sim.World;

/// <summary>One direction of a network: a virtual link on the clock. Several ways may share it, as flows share a bottleneck.</summary>
internal sealed class NetPath : Actor
{
    private readonly VirtualTime _time;
    private readonly PacketPool _pool;

    public NetPath(VirtualTime time, PacketPool pool, LinkPlan plan)
    {
        _time = time;
        _pool = pool;
        Link = new VirtualLink<SimPacket>(plan, time.Now);
    }

    public VirtualLink<SimPacket> Link { get; }

    /// <inheritdoc/>
    public override Instant NextTimeout => Link.NextDelivery;

    /// <summary>Takes a packet, which belongs to the path from now on.</summary>
    public void Send(Instant now, SimPacket packet)
    {
        if (!Link.TryEnqueue(now, packet.WireLength, packet))
        {
            packet.Way!.Books.Refused++;
            _pool.Return(packet);
        }

        _time.Arm(this);
    }

    /// <inheritdoc/>
    public override void HandleTimeout(Instant now)
    {
        while (Link.TryDequeue(now, out SimPacket packet))
        {
            Way way = packet.Way!;
            way.Books.AddArrived(packet);
            way.Deliver(now, packet);
            if (Link.Plan.Duplicate == Chance.Never)
            {
                _pool.Return(packet);
            }
        }
    }
}

/// <summary>What one sender sends one receiver over a path, and its books.</summary>
internal sealed class Way(NetPath path, Action<Instant, SimPacket> deliver)
{
    public NetPath Path { get; } = path;

    public PathBooks Books { get; } = new();

    public Action<Instant, SimPacket> Deliver { get; } = deliver;

    public void Send(Instant now, SimPacket packet)
    {
        packet.Way = this;
        Books.Add(packet);
        Path.Send(now, packet);
    }
}
