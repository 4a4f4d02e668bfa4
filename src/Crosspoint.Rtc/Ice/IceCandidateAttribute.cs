using System.Globalization;
using System.Net;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Ice;

/// <summary>What a candidate line turned out to be.</summary>
public enum IceCandidateParseResult : byte
{
    /// <summary>A usable candidate.</summary>
    Ok = 0,

    /// <summary>A candidate whose address is a name (mDNS <c>.local</c> or FQDN); the rest of it is parsed.</summary>
    Name = 1,

    /// <summary>An empty attribute: the end of candidates (RFC 8840 §8.2 as browsers write it).</summary>
    EndOfCandidates = 2,

    /// <summary>Not the grammar of RFC 8839 §5.1.</summary>
    Malformed = 3,

    /// <summary>A transport that is neither UDP nor TCP, or a TCP candidate without a known tcptype.</summary>
    UnsupportedTransport = 4,

    /// <summary>A candidate type we do not know.</summary>
    UnsupportedType = 5,
}

/// <summary>
/// The SDP attribute <c>candidate:foundation component transport priority address port typ type [raddr a] [rport p] [tcptype t] [name value …]</c>
/// (RFC 8839 §5.1, RFC 6544 §4.5). Unknown extensions are skipped.
/// </summary>
public static class IceCandidateAttribute
{
    /// <summary>Longest line looked at: the grammar's longest useful line is below 300 characters.</summary>
    public const int MaxLength = 512;

    private const int MaxFoundationLength = 32;

    /// <summary>Parses one line, with or without <c>a=</c> and <c>candidate:</c>. <paramref name="name"/> is set for <see cref="IceCandidateParseResult.Name"/> only.</summary>
    public static IceCandidateParseResult Parse(ReadOnlySpan<char> line, out IceCandidate candidate, out string? name)
    {
        candidate = default;
        name = null;
        line = line.Trim();
        line = line.StartsWith("a=") ? line[2..] : line;
        line = line.StartsWith("candidate:", StringComparison.OrdinalIgnoreCase) ? line["candidate:".Length..] : line;
        if (line.IsEmpty || line.SequenceEqual("end-of-candidates"))
        {
            return IceCandidateParseResult.EndOfCandidates;
        }

        return line.Length > MaxLength ? IceCandidateParseResult.Malformed : ParseFields(line, ref candidate, ref name);
    }

    /// <summary>Formats without the <c>a=</c>.</summary>
    public static string Format(in IceCandidate candidate)
    {
        string transport = candidate.Address.Protocol == TransportProtocol.Tcp ? "tcp" : "udp";
        string line = $"candidate:{candidate.Foundation} {candidate.Component} {transport} {candidate.Priority} {candidate.Address.ToIPAddress()} {candidate.Address.Port} typ {TypeName(candidate.Type)}";
        if (!candidate.RelatedAddress.IsNone)
        {
            line += $" raddr {candidate.RelatedAddress.ToIPAddress()} rport {candidate.RelatedAddress.Port}";
        }

        return candidate.TcpType == IceTcpType.None ? line : $"{line} tcptype {TcpTypeName(candidate.TcpType)}";
    }

    /// <summary>host, srflx, prflx or relay.</summary>
    public static string TypeName(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => "host",
        IceCandidateType.ServerReflexive => "srflx",
        IceCandidateType.PeerReflexive => "prflx",
        _ => "relay",
    };

    /// <summary>active, passive or so; empty for UDP.</summary>
    public static string TcpTypeName(IceTcpType type) => type switch
    {
        IceTcpType.Active => "active",
        IceTcpType.Passive => "passive",
        IceTcpType.SimultaneousOpen => "so",
        _ => "",
    };

    private static IceCandidateParseResult ParseFields(ReadOnlySpan<char> line, ref IceCandidate candidate, ref string? name)
    {
        ReadOnlySpan<char> foundation = Next(ref line);
        ReadOnlySpan<char> component = Next(ref line);
        ReadOnlySpan<char> transport = Next(ref line);
        ReadOnlySpan<char> priority = Next(ref line);
        ReadOnlySpan<char> address = Next(ref line);
        ReadOnlySpan<char> port = Next(ref line);
        ReadOnlySpan<char> typ = Next(ref line);
        ReadOnlySpan<char> type = Next(ref line);
        if (foundation.Length is 0 or > MaxFoundationLength || !IceCharacters.AreAll(foundation) || !typ.SequenceEqual("typ")
            || !TryNumber(component, 1, 256, out uint componentId) || !TryNumber(priority, 0, uint.MaxValue, out uint priorityValue)
            || !TryNumber(port, 0, ushort.MaxValue, out uint portNumber) || address.IsEmpty || type.IsEmpty)
        {
            return IceCandidateParseResult.Malformed;
        }

        if (!TryTransport(transport, out TransportProtocol protocol))
        {
            return IceCandidateParseResult.UnsupportedTransport;
        }

        if (!TryType(type, out IceCandidateType candidateType))
        {
            return IceCandidateParseResult.UnsupportedType;
        }

        if (!TryExtensions(line, protocol, out TransportAddress related, out IceTcpType tcpType))
        {
            return IceCandidateParseResult.Malformed;
        }

        if ((protocol == TransportProtocol.Tcp) != (tcpType != IceTcpType.None))
        {
            return IceCandidateParseResult.UnsupportedTransport; // RFC 6544 §4.5: tcptype is mandatory for TCP.
        }

        bool numeric = IPAddress.TryParse(address, out IPAddress? ip);
        candidate = new()
        {
            Foundation = foundation.ToString(),
            Component = (ushort)componentId,
            Priority = priorityValue,
            Address = numeric ? TransportAddress.From(ip!, (int)portNumber, protocol) : new TransportAddress(0, (ushort)portNumber, protocol),
            Type = candidateType,
            TcpType = tcpType,
            RelatedAddress = related,
        };
        if (numeric)
        {
            return IceCandidateParseResult.Ok;
        }

        string host = address.ToString();
        name = Uri.CheckHostName(host) == UriHostNameType.Dns ? host : null;
        return name is null ? IceCandidateParseResult.Malformed : IceCandidateParseResult.Name;
    }

    private static bool TryExtensions(ReadOnlySpan<char> line, TransportProtocol protocol, out TransportAddress related, out IceTcpType tcpType)
    {
        IPAddress? relatedIp = null;
        uint relatedPort = 0;
        tcpType = IceTcpType.None;
        related = default;
        while (!line.IsEmpty)
        {
            ReadOnlySpan<char> key = Next(ref line);
            ReadOnlySpan<char> value = Next(ref line);
            bool valid = key switch
            {
                "raddr" => IPAddress.TryParse(value, out relatedIp) || !value.IsEmpty,
                "rport" => TryNumber(value, 0, ushort.MaxValue, out relatedPort),
                "tcptype" => protocol != TransportProtocol.Tcp || TryTcpType(value, out tcpType),
                _ => true, // an extension we do not know, with or without a value
            };
            if (!valid)
            {
                return false;
            }
        }

        related = relatedIp is null ? default : TransportAddress.From(relatedIp, (int)relatedPort, protocol);
        return true;
    }

    private static bool TryTransport(ReadOnlySpan<char> text, out TransportProtocol protocol)
    {
        protocol = text.Equals("tcp", StringComparison.OrdinalIgnoreCase) ? TransportProtocol.Tcp : TransportProtocol.Udp;
        return protocol == TransportProtocol.Tcp || text.Equals("udp", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryType(ReadOnlySpan<char> text, out IceCandidateType type)
    {
        type = text switch
        {
            "srflx" => IceCandidateType.ServerReflexive,
            "prflx" => IceCandidateType.PeerReflexive,
            "relay" => IceCandidateType.Relayed,
            _ => IceCandidateType.Host,
        };
        return type != IceCandidateType.Host || text.SequenceEqual("host");
    }

    private static bool TryTcpType(ReadOnlySpan<char> text, out IceTcpType type)
    {
        type = text switch
        {
            "active" => IceTcpType.Active,
            "passive" => IceTcpType.Passive,
            "so" => IceTcpType.SimultaneousOpen,
            _ => IceTcpType.None,
        };
        return type != IceTcpType.None;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, uint min, uint max, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> line)
    {
        line = line.TrimStart(' ');
        int end = line.IndexOf(' ');
        ReadOnlySpan<char> word = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[(end + 1)..];
        return word;
    }
}
