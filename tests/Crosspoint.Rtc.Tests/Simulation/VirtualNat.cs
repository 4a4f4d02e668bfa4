using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Tests.Simulation;

/// <summary>Who may answer through a mapping, and whether it depends on the destination (RFC 3489 §5 names, RFC 4787 meaning).</summary>
public enum NatKind
{
    /// <summary>A static mapping that keeps the port: a container or cloud host with an announced IP.</summary>
    OneToOne,
    FullCone,
    AddressRestricted,
    PortRestricted,
    Symmetric,
}

/// <summary>A NAT box with one public IP per family.</summary>
public sealed class VirtualNat(NatKind kind, TransportAddress publicAddress)
{
    private readonly Dictionary<(TransportAddress Inside, TransportAddress To), ushort> _ports = [];
    private readonly Dictionary<(ushort Port, TransportProtocol Protocol), TransportAddress> _insides = [];
    private readonly HashSet<(ushort Port, TransportAddress Remote)> _permitted = [];
    private ushort _nextPort = 20000;

    public NatKind Kind => kind;

    public UInt128 PublicIp { get; private set; } = publicAddress.Ip;

    /// <summary>Forgets every mapping, as a reboot or a new lease does; the next datagram gets a new port, and a new IP when one is given.</summary>
    public void Rebind(TransportAddress? newPublic = null)
    {
        PublicIp = newPublic?.Ip ?? PublicIp;
        _ports.Clear();
        _insides.Clear();
        _permitted.Clear();
    }

    internal TransportAddress Outbound(TransportAddress inside, TransportAddress to)
    {
        if (kind == NatKind.OneToOne)
        {
            _insides[(inside.Port, inside.Protocol)] = inside;
            return inside with { Ip = PublicIp };
        }

        var key = (inside, kind == NatKind.Symmetric ? to : TransportAddress.None);
        if (!_ports.TryGetValue(key, out ushort port))
        {
            port = _nextPort++;
            _ports[key] = port;
            _insides[(port, inside.Protocol)] = inside;
        }

        _permitted.Add((port, kind == NatKind.AddressRestricted ? to with { Port = 0 } : to));
        return inside with { Ip = PublicIp, Port = port };
    }

    internal bool TryInbound(TransportAddress sender, TransportAddress to, out TransportAddress inside)
    {
        bool mapped = _insides.TryGetValue((to.Port, to.Protocol), out inside);
        return mapped && kind switch
        {
            NatKind.OneToOne or NatKind.FullCone => true,
            NatKind.AddressRestricted => _permitted.Contains((to.Port, sender with { Port = 0 })),
            _ => _permitted.Contains((to.Port, sender)),
        };
    }

    internal void Announce(TransportAddress inside)
    {
        if (kind == NatKind.OneToOne)
        {
            _insides[(inside.Port, inside.Protocol)] = inside;
        }
    }
}
