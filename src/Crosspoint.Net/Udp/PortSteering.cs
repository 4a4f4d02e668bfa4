using System.Diagnostics.CodeAnalysis;
using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp;

/// <summary>
/// Tells the kernel which of the sockets of one shared port gets a peer's datagrams. Without it the kernel chooses by a hash of both addresses,
/// the same socket for a peer every time, but any. Needs Linux and the right to load BPF programs (CAP_BPF, or root).
/// </summary>
/// <remarks>Any thread. It ends with the sockets; <see cref="Dispose"/> only gives up telling.</remarks>
public sealed unsafe class PortSteering : IDisposable
{
    private const int SolSocket = 1;
    private const int AttachReusePortEbpf = 52;

    // Given to me.
    private readonly int _sockets;

    // Made by me.
    private readonly DescriptorHandle _peers;

    private PortSteering(DescriptorHandle peers, int sockets) => (_peers, _sockets) = (peers, sockets);

    /// <summary>Attaches to sockets that share their port; false with the reason in a few words when this system does not allow it.</summary>
    /// <param name="sockets">All sockets of the port, in the order of their index.</param>
    /// <param name="capacity">Peers it can tell apart at a time; beyond that those that sent nothing for longest are forgotten. About 100 bytes of kernel memory each.</param>
    /// <param name="steering">What was attached.</param>
    /// <param name="refusal">Why not, otherwise.</param>
    public static bool TryAttach(IReadOnlyList<UdpSocket> sockets, int capacity, [NotNullWhen(true)] out PortSteering? steering, [NotNullWhen(false)] out string? refusal)
    {
        ArgumentNullException.ThrowIfNull(sockets);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        steering = null;
        if (!LinuxUdpSocket.IsSupported || sockets.Any(socket => socket.Handle is null))
        {
            refusal = "only Linux can";
            return false;
        }

        DescriptorHandle peers = BpfCalls.CreateMap(BpfCalls.LruHash, SteeringProgram.KeyBytes, sizeof(uint), capacity);
        refusal = Attach(peers, sockets);
        if (refusal is not null)
        {
            peers.Dispose();
            return false;
        }

        steering = new PortSteering(peers, sockets.Count);
        return true;
    }

    /// <summary>From now on <paramref name="peer"/>'s datagrams arrive on the socket with this index. False when the kernel has no room.</summary>
    public bool Steer(in TransportAddress peer, int socket)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)socket, (uint)_sockets);
        byte* key = stackalloc byte[SteeringProgram.KeyBytes];
        WriteKey(key, peer);
        uint index = (uint)socket;
        return !_peers.IsClosed && BpfCalls.TryUpdate(_peers, key, &index);
    }

    /// <summary>The kernel chooses again for <paramref name="peer"/>.</summary>
    public void Forget(in TransportAddress peer)
    {
        byte* key = stackalloc byte[SteeringProgram.KeyBytes];
        WriteKey(key, peer);
        if (!_peers.IsClosed)
        {
            BpfCalls.TryDelete(_peers, key);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _peers.Dispose();

    // The kernel keeps the array and the program while a socket uses them; our descriptors are not needed any more.
    private static string? Attach(DescriptorHandle peers, IReadOnlyList<UdpSocket> sockets)
    {
        if (peers.IsInvalid)
        {
            return $"no map of peers (errno {LinuxNative.LastError})";
        }

        using DescriptorHandle array = BpfCalls.CreateMap(BpfCalls.SocketArray, sizeof(uint), sizeof(ulong), sockets.Count);
        if (array.IsInvalid)
        {
            return $"no array of sockets (errno {LinuxNative.LastError})";
        }

        using DescriptorHandle program = BpfCalls.LoadProgram(SteeringProgram.Assemble(peers.Number, array.Number));
        if (program.IsInvalid)
        {
            return $"the program was refused (errno {LinuxNative.LastError})";
        }

        for (uint index = 0; index < sockets.Count; index++)
        {
            ulong descriptor = (ulong)sockets[(int)index].Handle!.Handle;
            if (!BpfCalls.TryUpdate(array, &index, &descriptor))
            {
                return $"socket {index} was refused (errno {LinuxNative.LastError})";
            }
        }

        return UdpSocketSetup.TrySet(sockets[0].Handle!, SolSocket, AttachReusePortEbpf, program.Number) ? null : "the port refused the program";
    }

    private static void WriteKey(byte* key, in TransportAddress peer)
    {
        LinuxAddress.WriteIp(key, peer.Ip);
        key[16] = (byte)(peer.Port >> 8);
        key[17] = (byte)peer.Port;
        (key[18], key[19]) = (0, 0);
    }
}
