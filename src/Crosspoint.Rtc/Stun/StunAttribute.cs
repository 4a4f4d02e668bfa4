using System.Buffers.Binary;

namespace Crosspoint.Rtc.Stun;

/// <summary>One attribute: its type and its value without padding.</summary>
public readonly ref struct StunAttribute(StunAttributeType type, ReadOnlySpan<byte> value)
{
    /// <summary>The attribute's type.</summary>
    public StunAttributeType Type { get; } = type;

    /// <summary>The value, unpadded.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>True below 0x8000: whoever does not understand it must refuse the message (RFC 8489 §14).</summary>
    public bool IsComprehensionRequired => (ushort)Type < 0x8000;
}

/// <summary>Walks attributes whose lengths <see cref="StunMessage"/> has already checked.</summary>
public ref struct StunAttributeEnumerator(ReadOnlySpan<byte> attributes)
{
    private ReadOnlySpan<byte> _rest = attributes;

    /// <summary>The attribute reached.</summary>
    public StunAttribute Current { get; private set; }

    /// <summary>For foreach.</summary>
    public readonly StunAttributeEnumerator GetEnumerator() => this;

    /// <summary>Steps to the next attribute; false at the end.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < 4)
        {
            return false;
        }

        // | type (16) | length (16) | value … padded to 32 bits |
        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        Current = new((StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(_rest), _rest.Slice(4, length));
        _rest = _rest[Math.Min(_rest.Length, 4 + ((length + 3) & ~3))..];
        return true;
    }
}
