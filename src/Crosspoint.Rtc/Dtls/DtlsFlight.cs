using System.Security.Cryptography;

namespace Crosspoint.Rtc.Dtls;

/// <summary>
/// Ready-made retransmissions of our last flight, each with record sequence numbers of its own, so that a receiver's
/// replay check lets them through (RFC 6347 §4.1.2.6). Why they are made in advance: see <see cref="DtlsConnection"/>.
/// </summary>
internal sealed class DtlsFlight
{
    private byte[] _bytes = [];
    private int[] _starts = [];
    private int _next;

    public bool HasNext => _next < _starts.Length;

    /// <summary>Replaces the flight.</summary>
    /// <param name="copies">The retransmissions, one after another.</param>
    /// <param name="starts">Where each begins, in <paramref name="copies"/>.</param>
    public void Replace(ReadOnlySpan<byte> copies, ReadOnlySpan<int> starts)
    {
        Clear();
        _bytes = copies.ToArray();
        _starts = starts.ToArray();
    }

    /// <summary>The next retransmission's records.</summary>
    public ReadOnlySpan<byte> TakeNext()
    {
        var start = _starts[_next++];
        var end = HasNext ? _starts[_next] : _bytes.Length;
        return _bytes.AsSpan(start, end - start);
    }

    /// <summary>The peer has it.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        (_bytes, _starts, _next) = ([], [], 0);
    }
}
