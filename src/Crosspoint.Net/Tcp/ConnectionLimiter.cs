using Crosspoint.Primitives;

namespace Crosspoint.Net.Tcp;

/// <summary>Counts open connections in all and by source: an IPv4 address, or an IPv6 /64, which is what one customer has.</summary>
/// <remarks>Not thread-safe; under the lock of its host.</remarks>
internal sealed class ConnectionLimiter(int maxTotal, int maxPerSource)
{
    private readonly Dictionary<UInt128, int> _bySource = [];

    public int Total { get; private set; }

    /// <summary><see cref="TcpCloseReason.None"/> when it is counted in, otherwise the limit it would break.</summary>
    public TcpCloseReason Enter(in TransportAddress source)
    {
        UInt128 key = Key(source);
        int already = _bySource.GetValueOrDefault(key);
        if (Total >= maxTotal)
        {
            return TcpCloseReason.TooManyConnections;
        }

        if (already >= maxPerSource)
        {
            return TcpCloseReason.TooManyFromAddress;
        }

        _bySource[key] = already + 1;
        Total++;
        return TcpCloseReason.None;
    }

    public void Leave(in TransportAddress source)
    {
        UInt128 key = Key(source);
        Total--;
        int left = _bySource[key] - 1;
        if (left == 0)
        {
            _bySource.Remove(key);
        }
        else
        {
            _bySource[key] = left;
        }
    }

    private static UInt128 Key(in TransportAddress source) => source.IsIPv4 ? source.Ip : source.Ip >> 64 << 64;
}
