using System.Net;

namespace Crosspoint.Net.Udp;

/// <summary>What an operator may say about one UDP socket.</summary>
public sealed record UdpSocketOptions
{
    /// <summary>
    /// The address to bind. The default, <see cref="IPAddress.IPv6Any"/>, serves IPv4 and IPv6 on one socket
    /// and falls back to IPv4 alone on a machine that has no IPv6.
    /// </summary>
    public IPAddress Address { get; init; } = IPAddress.IPv6Any;

    /// <summary>First port to try; 0 lets the system choose one.</summary>
    public ushort MinPort { get; init; }

    /// <summary>Last port to try, at least <see cref="MinPort"/>; 0 means <see cref="MinPort"/> alone.</summary>
    public ushort MaxPort { get; init; }

    /// <summary>
    /// Shares the port with other sockets of this process that say so too (SO_REUSEPORT); default no. The kernel then spreads peers over them,
    /// see <see cref="PortSteering"/>. Needs the Linux implementation and one port, not a range. That nobody else has the port is tried first
    /// by the one that says <see cref="IsFirstOnPort"/>.
    /// </summary>
    public bool SharePort { get; init; }

    /// <summary>With <see cref="SharePort"/>: opens only when the port is free, also of other sharers, such as an older process of the same user.</summary>
    public bool IsFirstOnPort { get; init; }

    /// <summary>
    /// Wanted kernel receive buffer in bytes, default 4 MiB: 40 ms of 800 Mbit/s, the longest pause of a worker to be survived.
    /// What was obtained is in <see cref="UdpSocket.Capabilities"/>.
    /// </summary>
    public int ReceiveBufferBytes { get; init; } = 4 << 20;

    /// <summary>Wanted kernel send buffer in bytes, default 4 MiB, for the same reason.</summary>
    public int SendBufferBytes { get; init; } = 4 << 20;

    /// <summary>
    /// How long one <see cref="UdpSocket.Send"/> may wait for a full kernel queue before it drops, default 2 ms:
    /// media that is later than that harms more than media that is lost.
    /// </summary>
    public TimeSpan SendStallLimit { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Which implementation; null, the default, is the fastest this system has. The portable one is for comparison and for odd kernels.</summary>
    public UdpImplementation? Implementation { get; init; }

    /// <summary>Whether to let the kernel cut and merge messages; default where it works, which costs nothing and saves up to half of a send.</summary>
    public UdpOffload Offload { get; init; } = UdpOffload.Auto;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Address);
        if (MaxPort != 0 && (MinPort == 0 || MaxPort < MinPort))
        {
            throw new ArgumentException($"The port range {MinPort}..{MaxPort} is empty.");
        }

        if (SharePort && (!Linux.LinuxUdpSocket.IsSupported || Implementation == UdpImplementation.Portable || (MaxPort != 0 && MaxPort != MinPort)))
        {
            throw new ArgumentException("A shared port needs the Linux implementation and a single port.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ReceiveBufferBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SendBufferBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(SendStallLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SendStallLimit, TimeSpan.FromSeconds(1));
    }
}
