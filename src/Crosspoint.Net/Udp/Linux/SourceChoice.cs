using System.Diagnostics;
using System.Net.Sockets;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>
/// Knows to which peers the kernel would send from the address we want anyway. Then it is not told, which saves it an allocation per message.
/// It is asked by connecting a socket that never sends; routes and addresses change, so its answer is believed for two seconds.
/// </summary>
/// <remarks>Owned by the socket's thread. Nothing is allocated after the constructor.</remarks>
internal sealed unsafe class SourceChoice : IDisposable
{
    // An answer costs about two microseconds; so many at most for one send call, whoever the peers are.
    public const int AsksPerSend = 4;

    // 64 bytes each. Two peers that share a place take turns, and are told the address meanwhile.
    private const int Size = 1024;
    private const ushort Unspecified = 0; // AF_UNSPEC: connecting to it forgets the last peer and the address chosen for it
    private static readonly long Lifetime = 2 * Stopwatch.Frequency;

    // Made by me.
    private readonly Socket _probe;
    private readonly int _descriptor;
    private readonly bool _ipv4Socket;
    private readonly Entry[] _entries = new Entry[Size];

    // State.
    private long _now;
    private int _asks;

    public SourceChoice(AddressFamily family)
    {
        _ipv4Socket = family == AddressFamily.InterNetwork;
        _probe = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        if (!_ipv4Socket)
        {
            _probe.DualMode = true;
        }

        _descriptor = (int)_probe.Handle;
    }

    /// <summary>Before a send call.</summary>
    public void Begin()
    {
        _now = Stopwatch.GetTimestamp();
        _asks = AsksPerSend;
    }

    /// <summary>True when a message to <paramref name="to"/> leaves from <paramref name="from"/> without being told to; false also when that is not known yet.</summary>
    public bool IsKernels(in TransportAddress to, in TransportAddress from)
    {
        ulong mix = ((ulong)to.Ip ^ (ulong)(to.Ip >> 64)) * 0x9E37_79B9_7F4A_7C15;
        ref Entry entry = ref _entries[mix >> 54];
        if (entry.Until > _now && entry.To == to.Ip && entry.From == from.Ip)
        {
            return entry.Agrees;
        }

        if (_asks == 0)
        {
            return false;
        }

        _asks--;
        (entry.To, entry.From, entry.Until, entry.Agrees) = (to.Ip, from.Ip, _now + Lifetime, Ask(to) == from.Ip);
        return entry.Agrees;
    }

    public void Dispose() => _probe.Dispose();

    // The unspecified address when there is no way to the peer.
    private UInt128 Ask(in TransportAddress to)
    {
        SocketAddressStorage address = default;
        uint length = LinuxAddress.Write(ref address, to, _ipv4Socket);
        SocketAddressStorage nobody = default;
        *(ushort*)&nobody = Unspecified;
        LinuxNative.Connect(_descriptor, &nobody, LinuxAddress.IPv4Length);
        if (LinuxNative.Connect(_descriptor, &address, length) != 0)
        {
            return default;
        }

        length = SocketAddressStorage.Size;
        return LinuxNative.GetName(_descriptor, &address, &length) == 0 && LinuxAddress.TryRead(ref address, length, out TransportAddress chosen) ? chosen.Ip : default;
    }

    private struct Entry
    {
        public UInt128 To;
        public UInt128 From;
        public long Until;
        public bool Agrees;
    }
}
