using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtp;

/// <summary>
/// Builds an RTP header with extension elements in a caller's span, without allocating.
/// The one-byte form of RFC 8285 is used as long as every element fits it; the first that does not turns the whole
/// extension into the two-byte form, when the session allows that (<c>extmap-allow-mixed</c>).
/// </summary>
/// <remarks>Order: construct, <see cref="TryAddCsrc"/>, elements, <see cref="Complete"/>. A call that returns false has written nothing.</remarks>
public ref struct RtpHeaderWriter
{
    private readonly Span<byte> _into;
    private readonly bool _allowTwoByte;
    private int _length;
    private int _blockStart;
    private int _elements;
    private bool _twoByte;

    /// <summary>Writes the fixed header.</summary>
    /// <param name="into">At least 12 bytes.</param>
    /// <param name="fields">The header's fields.</param>
    /// <param name="allowTwoByte">Whether the receiver takes the two-byte form.</param>
    /// <param name="padding">The padding bit; the caller appends the padding after the payload.</param>
    /// <exception cref="ArgumentException"><paramref name="into"/> is too short for a fixed header.</exception>
    public RtpHeaderWriter(Span<byte> into, in RtpHeaderFields fields, bool allowTwoByte = true, bool padding = false)
    {
        if (into.Length < RtpPacket.FixedHeaderLength)
        {
            throw new ArgumentException("A fixed RTP header has 12 bytes.", nameof(into));
        }

        _into = into;
        _allowTwoByte = allowTwoByte;
        _length = RtpPacket.FixedHeaderLength;
        into[0] = (byte)(0x80 | (padding ? 0x20 : 0));
        into[1] = (byte)((fields.Marker ? 0x80 : 0) | (fields.PayloadType.Value & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], fields.SequenceNumber.Value);
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], fields.Timestamp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(into[8..], fields.Ssrc.Value);
    }

    /// <summary>Adds a contributing source; false when there are 15 already, no room, or elements have been added.</summary>
    public bool TryAddCsrc(Ssrc source)
    {
        if (_blockStart != 0 || (_into[0] & 0x0F) == 15 || _into.Length < _length + 4)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(_into[_length..], source.Value);
        _length += 4;
        _into[0]++;
        return true;
    }

    /// <summary>Adds an element; false when it does not fit the span or the allowed form.</summary>
    public bool TryAdd(int id, ReadOnlySpan<byte> value)
    {
        if (!TryReserve(id, value.Length, out Span<byte> into))
        {
            return false;
        }

        value.CopyTo(into);
        return true;
    }

    /// <summary>
    /// Adds an element of <paramref name="length"/> bytes for the caller to fill before the next call (a later element may move it).
    /// </summary>
    public bool TryReserve(int id, int length, out Span<byte> value)
    {
        value = default;
        if (id is < 1 or > 255 || (uint)length > 255)
        {
            return false;
        }

        bool fitsOneByte = id <= 14 && length is >= 1 and <= 16;
        bool upgrade = !fitsOneByte && !_twoByte;
        if (upgrade && !_allowTwoByte)
        {
            return false;
        }

        int headerLength = _twoByte || upgrade ? 2 : 1;
        int needed = (_blockStart == 0 ? 4 : 0) + (upgrade ? _elements : 0) + headerLength + length;

        // Room for the final padding to a 32-bit word is part of the price, so that Complete cannot fail.
        if (((_length + needed + 3) & ~3) > _into.Length)
        {
            return false;
        }

        OpenBlock();
        if (upgrade)
        {
            Upgrade();
        }

        value = Append(id, length);
        return true;
    }

    /// <summary>
    /// Copies the elements of a received packet, renumbered; those without an entry in <paramref name="map"/> are dropped.
    /// Returns how many were dropped although they have an entry, for want of room or form.
    /// </summary>
    public int CopyExtensions(in RtpPacket source, RtpExtensionMap map)
    {
        int refused = 0;
        foreach (RtpExtensionElement element in source.Extensions)
        {
            int id = map.Map(element.Id);
            if (id != 0 && !TryAdd(id, element.Value))
            {
                refused++;
            }
        }

        return refused;
    }

    /// <summary>Closes the extension and returns the length of the header.</summary>
    public int Complete()
    {
        if (_blockStart == 0)
        {
            return _length;
        }

        int padded = (_length + 3) & ~3;
        _into[_length..padded].Clear();
        _length = padded;
        BinaryPrimitives.WriteUInt16BigEndian(_into[(_blockStart - 4)..], _twoByte ? RtpExtensionList.TwoByteProfile : RtpExtensionList.OneByteProfile);
        BinaryPrimitives.WriteUInt16BigEndian(_into[(_blockStart - 2)..], (ushort)((padded - _blockStart) / 4));
        return _length;
    }

    /// <summary>Changes the fields of a finished header in place and leaves its padding bit, CSRC list and extension alone.</summary>
    public static void Overwrite(Span<byte> header, in RtpHeaderFields fields)
    {
        header[1] = (byte)((fields.Marker ? 0x80 : 0) | (fields.PayloadType.Value & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], fields.SequenceNumber.Value);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], fields.Timestamp.Value);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], fields.Ssrc.Value);
    }

    private void OpenBlock()
    {
        if (_blockStart == 0)
        {
            _into[0] |= 0x10;
            _length += 4;
            _blockStart = _length;
        }
    }

    private Span<byte> Append(int id, int length)
    {
        if (_twoByte)
        {
            _into[_length++] = (byte)id;
            _into[_length++] = (byte)length;
        }
        else
        {
            _into[_length++] = (byte)((id << 4) | (length - 1));
        }

        Span<byte> value = _into.Slice(_length, length);
        _length += length;
        _elements++;
        return value;
    }

    // Every element grows by one byte: move the block up by their number, then lay it out again from the front;
    // the write position reaches the read position exactly at the end.
    private void Upgrade()
    {
        _twoByte = true;
        int read = _blockStart + _elements;
        int write = _blockStart;
        int end = _length + _elements;
        _into[_blockStart.._length].CopyTo(_into[read..]);
        while (read < end)
        {
            byte head = _into[read++];
            int length = (head & 0x0F) + 1;
            _into[write] = (byte)(head >> 4);
            _into[write + 1] = (byte)length;
            _into.Slice(read, length).CopyTo(_into[(write + 2)..]);
            read += length;
            write += 2 + length;
        }

        _length = end;
    }
}
