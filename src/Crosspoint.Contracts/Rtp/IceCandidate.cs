using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Rtp;

/// <summary>Where a transport can be reached.</summary>
public sealed record IceCandidate
{
    /// <summary>Candidates of one foundation share type, base and protocol (RFC 8445 §5.1.1.3).</summary>
    [StringLength(32, MinimumLength = 1)]
    public required string Foundation { get; init; }

    /// <summary>RFC 8445 §5.1.2.</summary>
    public required uint Priority { get; init; }

    /// <summary>An IP address or a host name.</summary>
    [StringLength(255, MinimumLength = 1)]
    public required string Address { get; init; }

    /// <summary>The same as <see cref="Address"/>, for clients that read the older name.</summary>
    [StringLength(255)]
    [AlwaysWritten]
    public string Ip { get => field ?? Address; init; } = null!;

    /// <summary>UDP or TCP.</summary>
    public required IceProtocol Protocol { get; init; }

    /// <summary>The port.</summary>
    [Range(1, 65535)]
    public required int Port { get; init; }

    /// <summary>Always <c>host</c> from this server.</summary>
    public required IceCandidateType Type { get; init; }

    /// <summary>TCP only (RFC 6544); always <c>passive</c> from this server.</summary>
    public IceTcpType? TcpType { get; init; }
}

/// <summary>The transport protocol of a candidate.</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<IceProtocol>))]
public enum IceProtocol
{
    /// <summary><c>"udp"</c>.</summary>
    Udp,

    /// <summary><c>"tcp"</c>.</summary>
    Tcp,
}

/// <summary>How a candidate was found (RFC 8445 §4).</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<IceCandidateType>))]
public enum IceCandidateType
{
    /// <summary><c>"host"</c>.</summary>
    Host,

    /// <summary><c>"srflx"</c>: server-reflexive.</summary>
    Srflx,

    /// <summary><c>"prflx"</c>: peer-reflexive.</summary>
    Prflx,

    /// <summary><c>"relay"</c>.</summary>
    Relay,
}

/// <summary>Who opens the connection of a TCP candidate (RFC 6544 §4.5).</summary>
[JsonConverter(typeof(LowerCamelEnumConverter<IceTcpType>))]
public enum IceTcpType
{
    /// <summary><c>"active"</c>.</summary>
    Active,

    /// <summary><c>"passive"</c>.</summary>
    Passive,

    /// <summary><c>"so"</c>: simultaneous open.</summary>
    So,
}
