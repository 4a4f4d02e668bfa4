using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Crosspoint.Rtc.Dtls;

/// <summary>Whole datagrams, first in first out, in one ring of bytes that grows up to a limit.</summary>
/// <remarks>The ring is borrowed while there is something in it: a session lives for hours and its handshake for milliseconds.</remarks>
internal sealed class DtlsDatagramQueue(int limit)
{
    private const int PrefixLength = 2;

    private byte[] _ring = [];
    private int _head;
    private int _used;

    public bool IsEmpty => _used == 0;

    /// <summary>The length of the next datagram; 0 when empty.</summary>
    public int NextLength
    {
        get
        {
            if (IsEmpty)
            {
                return 0;
            }

            Span<byte> prefix = stackalloc byte[PrefixLength];
            Peek(_head, prefix);
            return BinaryPrimitives.ReadUInt16BigEndian(prefix);
        }
    }

    /// <summary>False, and nothing kept, when the limit would be passed.</summary>
    public bool TryEnqueue(ReadOnlySpan<byte> datagram)
    {
        var needed = PrefixLength + datagram.Length;
        if (datagram.Length > ushort.MaxValue || _used + needed > limit)
        {
            return false;
        }

        EnsureRoom(needed);
        Span<byte> prefix = stackalloc byte[PrefixLength];
        BinaryPrimitives.WriteUInt16BigEndian(prefix, (ushort)datagram.Length);
        Append(prefix);
        Append(datagram);
        return true;
    }

    /// <summary>False when empty. The span takes at least <see cref="NextLength"/>.</summary>
    public bool TryDequeue(Span<byte> into, out int length)
    {
        length = NextLength;
        if (IsEmpty)
        {
            return false;
        }

        Peek(_head + PrefixLength, into[..length]);
        _head = (_head + PrefixLength + length) % _ring.Length;
        _used -= PrefixLength + length;
        if (IsEmpty)
        {
            Wipe();
        }

        return true;
    }

    /// <summary>Forgets everything and overwrites it.</summary>
    public void Wipe()
    {
        GiveBack();
        (_ring, _head, _used) = ([], 0, 0);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var at = (_head + _used) % _ring.Length;
        var first = Math.Min(bytes.Length, _ring.Length - at);
        bytes[..first].CopyTo(_ring.AsSpan(at));
        bytes[first..].CopyTo(_ring);
        _used += bytes.Length;
    }

    private void Peek(int at, Span<byte> into)
    {
        at %= _ring.Length;
        var first = Math.Min(into.Length, _ring.Length - at);
        _ring.AsSpan(at, first).CopyTo(into);
        _ring.AsSpan(0, into.Length - first).CopyTo(into[first..]);
    }

    private void EnsureRoom(int needed)
    {
        if (_used + needed <= _ring.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2048, Math.Max(_ring.Length * 2, _used + needed)));
        if (_used > 0)
        {
            Peek(_head, larger.AsSpan(0, _used));
        }

        GiveBack();
        (_ring, _head) = (larger, 0);
    }

    private void GiveBack()
    {
        if (_ring.Length > 0)
        {
            CryptographicOperations.ZeroMemory(_ring);
            ArrayPool<byte>.Shared.Return(_ring);
        }
    }
}
