namespace Crosspoint.Rtc.Rtp;

/// <summary>
/// Which local extension id of one session becomes which id of another; what has no entry is dropped.
/// Immutable, any thread.
/// </summary>
public sealed class RtpExtensionMap
{
    /// <summary>Drops every element.</summary>
    public static readonly RtpExtensionMap Empty = new();

    private readonly byte[] _to = new byte[256];

    private RtpExtensionMap()
    {
    }

    /// <summary>Builds a map from pairs of ids.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is zero, which RFC 8285 reserves for padding.</exception>
    public static RtpExtensionMap Create(ReadOnlySpan<(byte From, byte To)> pairs)
    {
        RtpExtensionMap map = new();
        foreach ((byte from, byte to) in pairs)
        {
            ArgumentOutOfRangeException.ThrowIfZero(from, nameof(pairs));
            ArgumentOutOfRangeException.ThrowIfZero(to, nameof(pairs));
            map._to[from] = to;
        }

        return map;
    }

    /// <summary>The id on the other side; 0 when the element is to be dropped.</summary>
    public byte Map(int id) => (uint)id < (uint)_to.Length ? _to[id] : (byte)0;
}
