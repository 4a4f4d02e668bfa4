using System.Buffers.Binary;

namespace Crosspoint.Net.Tcp;

// RFC 4571 §2:  0                   1
//              | LENGTH (16 bit)   | RTP, RTCP, STUN or DTLS packet, LENGTH bytes … |

/// <summary>
/// Cuts a byte stream into the frames of RFC 4571, whatever the fragments it comes in. A frame that lies whole in one
/// fragment is not copied. A frame longer than the given room ends the stream: nothing behind it can be trusted.
/// </summary>
/// <remarks>One stream, one thread. <see langword="default"/> takes no frame that is not empty.</remarks>
public struct FrameReader
{
    /// <summary>Bytes of the length field.</summary>
    public const int PrefixLength = 2;

    private readonly Memory<byte> _room;

    private int _prefixBytes;
    private int _length;
    private int _filled;
    private bool _failed;

    /// <param name="room">Where a frame in fragments is put together; its length is the longest frame that is taken.</param>
    public FrameReader(Memory<byte> room) => _room = room;

    /// <summary>True between the first byte of a frame and its last.</summary>
    public readonly bool IsInsideFrame => _prefixBytes != 0;

    /// <summary>
    /// Takes at most one frame from the front of <paramref name="input"/>, which is moved behind what was used.
    /// <paramref name="frame"/> is valid until the next call and as long as the input is.
    /// </summary>
    public FrameReadResult Read(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (_failed || !ReadPrefix(ref input))
        {
            return _failed ? FrameReadResult.TooLong : FrameReadResult.NeedMore;
        }

        if (_length > _room.Length)
        {
            _failed = true;
            return FrameReadResult.TooLong;
        }

        return ReadBody(ref input, out frame) ? FrameReadResult.Frame : FrameReadResult.NeedMore;
    }

    private bool ReadPrefix(ref ReadOnlySpan<byte> input)
    {
        while (_prefixBytes < PrefixLength)
        {
            if (input.IsEmpty)
            {
                return false;
            }

            _length = (_length << 8) | input[0];
            _prefixBytes++;
            input = input[1..];
        }

        return true;
    }

    private bool ReadBody(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> frame)
    {
        if (_filled == 0 && input.Length >= _length)
        {
            frame = input[.._length];
            input = input[_length..];
            StartNext();
            return true;
        }

        int take = Math.Min(_length - _filled, input.Length);
        input[..take].CopyTo(_room.Span[_filled..]);
        input = input[take..];
        _filled += take;
        if (_filled < _length)
        {
            frame = default;
            return false;
        }

        frame = _room.Span[.._length];
        StartNext();
        return true;
    }

    private void StartNext() => (_prefixBytes, _length, _filled) = (0, 0, 0);

    /// <summary>Writes the length field of a frame.</summary>
    internal static void WritePrefix(Span<byte> into, int length) => BinaryPrimitives.WriteUInt16BigEndian(into, checked((ushort)length));
}
