using Crosspoint.Primitives;

namespace Crosspoint.Workers.SharedPort;

/// <summary>The other workers of a shared port, as one of them sees them: whose a datagram is, and the way to hand it over.</summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class Neighbours(Worker me, SharedUdpPort port, WorkerMeters meters)
{
    // Made by me.
    private readonly List<Worker> _given = [];

    /// <summary>The other worker that has validated this address; null for a stranger, and for a peer of our own.</summary>
    public Worker? OwnerOf(in TransportAddress source) => Other(port.OwnerOf(source));

    /// <summary>The other worker that a STUN request names, if it names one.</summary>
    public Worker? NamedBy(ReadOnlySpan<byte> datagram) => Other(port.NamedBy(datagram));

    /// <summary>Gives a datagram to its worker; when that has no room it is a counted drop.</summary>
    public void HandOver(Worker owner, in ReceivedDatagram datagram)
    {
        if (owner.TryHandOver(datagram))
        {
            meters.Counters.HandedOver++;
            if (!_given.Contains(owner))
            {
                _given.Add(owner);
            }
        }
        else
        {
            meters.Counters.Drops.Add(WorkerDropReason.HandoverFull);
        }
    }

    /// <summary>Everything that came in has been looked at: wakes those who got something. Once a turn, because waking a sleeper costs more than all the rest.</summary>
    public void WakeOwners()
    {
        foreach (Worker owner in _given)
        {
            owner.Wake();
        }

        _given.Clear();
    }

    private Worker? Other(Worker? worker) => ReferenceEquals(worker, me) ? null : worker;
}
