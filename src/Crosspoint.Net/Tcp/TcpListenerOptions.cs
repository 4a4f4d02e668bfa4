using System.Net;

namespace Crosspoint.Net.Tcp;

/// <summary>What an operator may say about the shared TCP port.</summary>
public sealed record TcpListenerOptions : TcpConnectionOptions
{
    /// <summary>The address to bind; the default serves IPv4 and IPv6, or IPv4 alone on a machine without IPv6.</summary>
    public IPAddress Address { get; init; } = IPAddress.IPv6Any;

    /// <summary>First port to try; 0 lets the system choose one.</summary>
    public ushort MinPort { get; init; }

    /// <summary>Last port to try; 0 means <see cref="MinPort"/> alone.</summary>
    public ushort MaxPort { get; init; }

    /// <summary>Connections the kernel may hold for us before they are accepted, default 512.</summary>
    public int AcceptBacklog { get; init; } = 512;

    /// <summary>Most connections open at a time, default 4096: at some 10 KiB each, 40 MiB.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>
    /// Most connections open from one IPv4 address or one IPv6 /64, default 64: an office behind one address fits in,
    /// and one host cannot take the whole room.
    /// </summary>
    public int MaxConnectionsPerAddress { get; init; } = 64;

    internal override void Validate()
    {
        base.Validate();
        ArgumentNullException.ThrowIfNull(Address);
        ArgumentOutOfRangeException.ThrowIfLessThan(AcceptBacklog, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConnections, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConnectionsPerAddress, 1);
        if (MaxPort != 0 && (MinPort == 0 || MaxPort < MinPort))
        {
            throw new ArgumentException($"The port range {MinPort}..{MaxPort} is empty.");
        }
    }
}
