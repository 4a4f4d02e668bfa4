using System.Collections.Concurrent;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Workers.SharedPort;

/// <summary>
/// What the workers of one UDP port know of each other's peers: who owns an address, and who answers to a user name fragment.
/// It also tells the kernel, which then brings the datagrams to the owner at once.
/// </summary>
/// <remarks>Any thread; looking up takes no lock.</remarks>
internal sealed class SharedUdpPort(FragmentDirectory fragments) : IDisposable
{
    // Made by me.
    private readonly ConcurrentDictionary<TransportAddress, Worker> _owners = new();

    // State.
    private PortSteering? _steering;

    /// <summary>What became of <see cref="Steer"/>.</summary>
    public SharedPortState State { get; private set; } = SharedPortState.HandedOver;

    /// <summary>Asks the kernel to bring datagrams to their workers; answers why it will not, if so. Before the workers start.</summary>
    public string? Steer(IReadOnlyList<UdpSocket> sockets, int peers)
    {
        bool attached = PortSteering.TryAttach(sockets, peers, out _steering, out string? refusal);
        State = attached ? SharedPortState.Steered : SharedPortState.SteeringRefused;
        return refusal;
    }

    /// <summary>The worker whose peer sends from this address, if one does.</summary>
    public Worker? OwnerOf(in TransportAddress source) => _owners.GetValueOrDefault(source);

    /// <summary>The worker a STUN request is meant for, if one is.</summary>
    public Worker? NamedBy(ReadOnlySpan<byte> datagram) => fragments.Find(datagram);

    /// <summary>ICE has validated the address at this worker. The newest claim wins; who had it before is told.</summary>
    public void Bind(in TransportAddress source, Worker worker)
    {
        Worker? before;
        do
        {
            before = OwnerOf(source);
        }
        while (before is null ? !_owners.TryAdd(source, worker) : !_owners.TryUpdate(source, worker, before));

        _steering?.Steer(source, worker.Index);
        if (before is not null && before != worker)
        {
            before.Post(new LostSource(source));
        }
    }

    /// <summary>The worker has no use for the address any more.</summary>
    public void Unbind(in TransportAddress source, Worker worker)
    {
        if (_owners.TryRemove(new KeyValuePair<TransportAddress, Worker>(source, worker)))
        {
            _steering?.Forget(source);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _steering?.Dispose();

    private sealed class LostSource(TransportAddress source) : WorkerCommand
    {
        public override void Execute(Worker worker) => worker.LoseSource(source);

        public override void Abandon()
        {
        }
    }
}
