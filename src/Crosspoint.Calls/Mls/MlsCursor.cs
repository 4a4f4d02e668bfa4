using System.Buffers.Binary;

namespace Crosspoint.Calls.Mls;

/// <summary>Reads a message from front to back. The first fault stays, and whatever is read after it is zero or empty.</summary>
/// <remarks>Whoever loops must look at <see cref="IsAtEnd"/>, which is also true after a fault.</remarks>
internal ref struct MlsCursor(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;
    private int _end = message.Length;

    public MlsFault Fault { get; private set; }

    public readonly bool IsAtEnd => _at >= _end || Fault != MlsFault.None;

    /// <summary>The first fault is the one that counts.</summary>
    public void Fail(MlsFault fault)
    {
        if (Fault == MlsFault.None)
        {
            Fault = fault;
        }
    }

    public void FailUnless(bool sound, MlsFault fault)
    {
        if (!sound)
        {
            Fail(fault);
        }
    }

    public byte ReadByte()
    {
        ReadOnlySpan<byte> bytes = Take(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    public ushort ReadUInt16()
    {
        ReadOnlySpan<byte> bytes = Take(2);
        return bytes.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    public uint ReadUInt32()
    {
        ReadOnlySpan<byte> bytes = Take(4);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public ulong ReadUInt64()
    {
        ReadOnlySpan<byte> bytes = Take(8);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>optional&lt;T&gt;: whether a T follows.</summary>
    public bool ReadPresence()
    {
        byte present = ReadByte();
        FailUnless(present <= 1, MlsFault.Presence);
        return present == 1 && Fault == MlsFault.None;
    }

    /// <summary>opaque field&lt;V&gt;.</summary>
    public ReadOnlySpan<byte> ReadOpaque() => Take(ReadLength());

    /// <summary>A vector of whole numbers that nobody reads.</summary>
    public void SkipVectorOf(int elementBytes) => FailUnless(ReadOpaque().Length % elementBytes == 0, MlsFault.Truncated);

    /// <summary>Goes into a vector: until <see cref="Leave"/> the message ends where the vector ends.</summary>
    public int Enter()
    {
        int length = ReadLength();
        int outer = _end;
        if (length > _end - _at)
        {
            Fail(MlsFault.Truncated);
            length = 0;
        }

        _end = _at + length;
        return outer;
    }

    /// <summary>Goes out of a vector, which must have been read to its end.</summary>
    public void Leave(int outer)
    {
        Close();
        _end = outer;
    }

    /// <summary>Nothing may be left.</summary>
    public void Close() => FailUnless(_at == _end || Fault != MlsFault.None, MlsFault.Trailing);

    // RFC 9420 §2.1.2: the two first bits say how many bytes the length takes, 1, 2 or 4; 11 is not valid, and neither is more than needed.
    private int ReadLength()
    {
        byte first = ReadByte();
        int length = first & 0x3F;
        switch (first >> 6)
        {
            case 0:
                return length;
            case 1:
                length = (length << 8) | ReadByte();
                FailUnless(length >= 1 << 6, MlsFault.Length);
                return length;
            case 2:
                length = (length << 24) | (ReadByte() << 16) | ReadUInt16();
                FailUnless(length >= 1 << 14, MlsFault.Length);
                return length;
            default:
                Fail(MlsFault.Length);
                return 0;
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _end - _at)
        {
            Fail(MlsFault.Truncated);
        }

        if (Fault != MlsFault.None)
        {
            return default;
        }

        ReadOnlySpan<byte> taken = _message.Slice(_at, length);
        _at += length;
        return taken;
    }
}
