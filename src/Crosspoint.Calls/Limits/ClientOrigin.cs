using System.Net;

namespace Crosspoint.Calls.Limits;

/// <summary>Where a request really comes from, and whether it came encrypted, when proxies may stand between.</summary>
public readonly record struct ClientOrigin(IPAddress Address, bool IsSecure)
{
    /// <summary>Believes forwarding headers only from trusted proxies: walks X-Forwarded-For from the right as long as each hop is one.</summary>
    public static ClientOrigin Resolve(IPAddress peer, bool isTls, string? forwardedFor, string? forwardedProto, IReadOnlyList<IPNetwork> trusted)
    {
        IPAddress address = Plain(peer);
        if (!IsTrusted(address, trusted))
        {
            return new(address, isTls);
        }

        bool secure = isTls || LastOf(forwardedProto) is "https" or "wss";
        string[] hops = forwardedFor?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        for (int index = hops.Length - 1; index >= 0 && TryReadHop(hops[index], out IPAddress hop); index--)
        {
            address = hop;
            if (!IsTrusted(hop, trusted))
            {
                break;
            }
        }

        return new(address, secure);
    }

    private static bool IsTrusted(IPAddress address, IReadOnlyList<IPNetwork> trusted)
    {
        foreach (IPNetwork network in trusted)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryReadHop(string text, out IPAddress address)
    {
        bool read = IPEndPoint.TryParse(text, out IPEndPoint? endpoint);
        address = read ? Plain(endpoint!.Address) : IPAddress.None;
        return read;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    // The nearest proxy's word is the last one.
    private static string? LastOf(string? list)
    {
#pragma warning disable CA1308 // header values are compared in lower case, as RFC 7239 writes schemes
        return list?.Split(',')[^1].Trim().ToLowerInvariant();
#pragma warning restore CA1308
    }
}
