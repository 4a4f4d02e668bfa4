using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>A candidate transport address (RFC 8445 §5.1): local ones know their base, remote ones do not.</summary>
public readonly record struct IceCandidate
{
    /// <summary>The address the peer is told, or told us.</summary>
    public required TransportAddress Address { get; init; }

    /// <summary>Local candidates: the address datagrams leave from, which behind an announced IP or a NAT is not <see cref="Address"/>. Remote: <see cref="TransportAddress.None"/>.</summary>
    public TransportAddress Base { get; init; }

    /// <summary>How it was obtained.</summary>
    public IceCandidateType Type { get; init; }

    /// <summary>TCP candidates: who opens the connection.</summary>
    public IceTcpType TcpType { get; init; }

    /// <summary>1 for RTP and everything multiplexed with it; 1 to 256.</summary>
    public ushort Component { get; init; }

    /// <summary>Higher is preferred (RFC 8445 §5.1.2).</summary>
    public uint Priority { get; init; }

    /// <summary>Equal for candidates likely to work or fail together (RFC 8445 §5.1.1.3); 1 to 32 ice-chars.</summary>
    public required string Foundation { get; init; }

    /// <summary>For diagnostics: the base of a reflexive candidate, the mapped address of a relayed one; else <see cref="TransportAddress.None"/>.</summary>
    public TransportAddress RelatedAddress { get; init; }

    /// <summary>A local host candidate that is announced as it is.</summary>
    /// <param name="address">The address of the socket; over TCP a listening one.</param>
    /// <param name="localPreference">0 to 65535, higher is preferred; give each address its own.</param>
    public static IceCandidate Host(TransportAddress address, ushort localPreference = ushort.MaxValue) => Host(address, address, localPreference);

    /// <summary>A local host candidate whose announced address differs from its base: a public IP in front of a container, or one address of a wildcard socket.</summary>
    /// <param name="baseAddress">What <see cref="IceAgent.Handle"/> will be given as the local address.</param>
    /// <param name="announced">What the peer is told.</param>
    /// <param name="localPreference">0 to 65535, higher is preferred; give each address its own.</param>
    public static IceCandidate Host(TransportAddress baseAddress, TransportAddress announced, ushort localPreference)
    {
        IceTcpType tcpType = announced.Protocol == TransportProtocol.Tcp ? IceTcpType.Passive : IceTcpType.None;
        return Create(baseAddress, announced, tcpType, localPreference);
    }

    /// <summary>A local host candidate that opens TCP connections (RFC 6544 §4.1); its announced port is 9.</summary>
    public static IceCandidate HostTcpActive(TransportAddress baseAddress, ushort localPreference = ushort.MaxValue)
    {
        TransportAddress tcp = baseAddress with { Protocol = TransportProtocol.Tcp };
        return Create(tcp, tcp with { Port = 9 }, IceTcpType.Active, localPreference);
    }

    private static IceCandidate Create(TransportAddress baseAddress, TransportAddress announced, IceTcpType tcpType, ushort localPreference) => new()
    {
        Address = announced,
        Base = baseAddress with { Protocol = announced.Protocol },
        Type = IceCandidateType.Host,
        TcpType = tcpType,
        Component = 1,
        Priority = IcePriority.Of(IceCandidateType.Host, tcpType, localPreference, 1),
        Foundation = IceFoundation.Of(IceCandidateType.Host, announced, tcpType),
    };
}
