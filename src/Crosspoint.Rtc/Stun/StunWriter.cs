using System.Buffers.Binary;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Stun;

/// <summary>
/// Writes one STUN message into a span, attributes in the order of the calls. Writing past the end is remembered rather than thrown:
/// <see cref="TryFinish"/> then answers false.
/// </summary>
public ref struct StunWriter
{
    private readonly Span<byte> _buffer;
    private int _length;
    private bool _overflow;

    /// <summary>Begins a message.</summary>
    public StunWriter(Span<byte> buffer, StunClass messageClass, StunMethod method, StunTransactionId transactionId)
    {
        _buffer = buffer;
        _overflow = buffer.Length < StunMessage.HeaderLength;
        if (_overflow)
        {
            return;
        }

        _length = StunMessage.HeaderLength;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, StunMessageType.Pack(messageClass, method));
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunMessage.MagicCookie);
        transactionId.Write(buffer[8..]);
    }

    /// <summary>Any attribute by its bytes, zero-padded to 32 bits.</summary>
    public void Add(StunAttributeType type, scoped ReadOnlySpan<byte> value)
    {
        Span<byte> slot = Reserve(type, value.Length);
        if (!slot.IsEmpty || value.IsEmpty)
        {
            value.CopyTo(slot);
        }
    }

    /// <summary>A flag such as USE-CANDIDATE.</summary>
    public void AddFlag(StunAttributeType type) => Reserve(type, 0);

    /// <summary>A 32-bit attribute such as PRIORITY.</summary>
    public void AddUInt32(StunAttributeType type, uint value)
    {
        if (Reserve(type, 4) is { IsEmpty: false } slot)
        {
            BinaryPrimitives.WriteUInt32BigEndian(slot, value);
        }
    }

    /// <summary>A 64-bit attribute such as ICE-CONTROLLING.</summary>
    public void AddUInt64(StunAttributeType type, ulong value)
    {
        if (Reserve(type, 8) is { IsEmpty: false } slot)
        {
            BinaryPrimitives.WriteUInt64BigEndian(slot, value);
        }
    }

    /// <summary>A plain address attribute.</summary>
    public void AddAddress(StunAttributeType type, TransportAddress address)
    {
        Span<byte> value = stackalloc byte[StunAddress.MaxLength];
        Add(type, value[..StunAddress.Write(value, address)]);
    }

    /// <summary>An XOR'd address attribute.</summary>
    public void AddXorAddress(StunAttributeType type, TransportAddress address)
    {
        if (!_overflow)
        {
            Span<byte> value = stackalloc byte[StunAddress.MaxLength];
            Add(type, value[..StunAddress.WriteXor(value, address, _buffer.Slice(4, 16))]);
        }
    }

    /// <summary>ERROR-CODE with its reason phrase.</summary>
    public void AddErrorCode(StunErrorCode code)
    {
        ReadOnlySpan<byte> reason = StunReasonPhrase.For(code);
        if (Reserve(StunAttributeType.ErrorCode, 4 + reason.Length) is { IsEmpty: false } slot)
        {
            BinaryPrimitives.WriteUInt32BigEndian(slot, (uint)((((int)code / 100) << 8) | ((int)code % 100)));
            reason.CopyTo(slot[4..]);
        }
    }

    /// <summary>UNKNOWN-ATTRIBUTES.</summary>
    public void AddUnknownAttributes(scoped ReadOnlySpan<ushort> types)
    {
        Span<byte> slot = Reserve(StunAttributeType.UnknownAttributes, types.Length * 2);
        for (int i = 0; i < types.Length && !slot.IsEmpty; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(slot[(i * 2)..], types[i]);
        }
    }

    /// <summary>MESSAGE-INTEGRITY over what was written so far.</summary>
    public void AddMessageIntegrity(scoped ReadOnlySpan<byte> key) => AddHmac(StunAttributeType.MessageIntegrity, StunIntegrity.Sha1Length, key);

    /// <summary>MESSAGE-INTEGRITY-SHA256 over what was written so far.</summary>
    public void AddMessageIntegritySha256(scoped ReadOnlySpan<byte> key) => AddHmac(StunAttributeType.MessageIntegritySha256, StunIntegrity.Sha256Length, key);

    /// <summary>FINGERPRINT; nothing may be added after it.</summary>
    public void AddFingerprint()
    {
        int before = _length;
        if (Reserve(StunAttributeType.Fingerprint, 4) is { IsEmpty: false } slot)
        {
            WriteLength();
            BinaryPrimitives.WriteUInt32BigEndian(slot, StunFingerprint.Compute(_buffer[..before]));
        }
    }

    /// <summary>Ends the message; false when it did not fit.</summary>
    public bool TryFinish(out int length)
    {
        length = _overflow ? 0 : _length;
        if (_overflow)
        {
            return false;
        }

        WriteLength();
        return true;
    }

    private void AddHmac(StunAttributeType type, int hmacLength, scoped ReadOnlySpan<byte> key)
    {
        int before = _length;
        if (Reserve(type, hmacLength) is { IsEmpty: false } slot)
        {
            StunIntegrity.Compute(_buffer[..before], key, slot);
        }
    }

    private readonly void WriteLength() => BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(_length - StunMessage.HeaderLength));

    private Span<byte> Reserve(StunAttributeType type, int length)
    {
        int padded = (length + 3) & ~3;
        if (_overflow || _length + 4 + padded > Math.Min(_buffer.Length, ushort.MaxValue))
        {
            _overflow = true;
            return default;
        }

        Span<byte> slot = _buffer.Slice(_length, 4 + padded);
        BinaryPrimitives.WriteUInt16BigEndian(slot, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(slot[2..], (ushort)length);
        slot[(4 + length)..].Clear();
        _length += slot.Length;
        return slot.Slice(4, length);
    }
}
