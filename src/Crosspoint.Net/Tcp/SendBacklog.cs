using System.Buffers;

namespace Crosspoint.Net.Tcp;

/// <summary>
/// Frames waiting for the socket, in two pooled buffers: one is being sent while the other fills. Bounded over both.
/// </summary>
/// <remarks>Any thread, under the lock of its connection; only the bytes of <see cref="TakeForSending"/> are used outside of it.</remarks>
internal sealed class SendBacklog(int maxBytes)
{
    private const int SmallestBuffer = 4096;

    private byte[] _filling = [];
    private byte[] _sending = [];
    private int _filled;
    private int _beingSent;

    /// <summary>Adds a frame with its length field; false when it does not fit any more.</summary>
    public bool TryAdd(ReadOnlySpan<byte> frame)
    {
        int needed = FrameReader.PrefixLength + frame.Length;
        if (_filled + _beingSent + needed > maxBytes)
        {
            return false;
        }

        EnsureRoom(needed);
        FrameReader.WritePrefix(_filling.AsSpan(_filled), frame.Length);
        frame.CopyTo(_filling.AsSpan(_filled + FrameReader.PrefixLength));
        _filled += needed;
        return true;
    }

    /// <summary>What waits, which becomes the part being sent; empty when nothing waits.</summary>
    public ReadOnlyMemory<byte> TakeForSending()
    {
        (_filling, _sending) = (_sending, _filling);
        (_beingSent, _filled) = (_filled, 0);
        return _sending.AsMemory(0, _beingSent);
    }

    public void Release()
    {
        Return(ref _filling);
        Return(ref _sending);
        (_filled, _beingSent) = (0, 0);
    }

    private static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }

    private void EnsureRoom(int needed)
    {
        if (_filling.Length - _filled >= needed)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestBuffer, Math.Max(_filled + needed, _filling.Length * 2)));
        _filling.AsSpan(0, _filled).CopyTo(larger);
        Return(ref _filling);
        _filling = larger;
    }
}
