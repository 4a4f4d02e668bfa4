using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>SDES: source description (RFC 3550 §6.5), of which we use the CNAME.</summary>
/// <remarks>
/// <code>
/// chunk × SC:
/// |                          SSRC/CSRC                            |
/// |  item type    |    length     |  text …            items, then zeros to a 32-bit boundary
/// </code>
/// </remarks>
public readonly ref struct SourceDescription
{
    /// <summary>The item type of a CNAME.</summary>
    public const byte CanonicalName = 1;

    private readonly ReadOnlySpan<byte> _body;
    private readonly int _chunks;

    private SourceDescription(ReadOnlySpan<byte> body, int chunks)
    {
        _body = body;
        _chunks = chunks;
    }

    /// <summary>Parses a packet of kind <see cref="RtcpKind.SourceDescription"/>; false when a chunk or item runs over the end.</summary>
    public static bool TryParse(in RtcpPacket packet, out SourceDescription description)
    {
        description = default;
        if (packet.Type != RtcpType.SourceDescription)
        {
            return false;
        }

        SourceDescription candidate = new(packet.Body, packet.Count);
        Enumerator chunks = candidate.GetEnumerator();
        while (chunks.MoveNext())
        {
        }

        if (!chunks.IsComplete)
        {
            return false;
        }

        description = candidate;
        return true;
    }

    /// <summary>Appends an SDES with one chunk that holds a CNAME; false when it does not fit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The name has more than 255 bytes.</exception>
    public static bool TryWriteCanonicalName(ref RtcpWriter writer, Ssrc ssrc, scoped ReadOnlySpan<byte> name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, 255, nameof(name));

        // At least one zero ends the items.
        int length = (4 + 2 + name.Length + 1 + 3) & ~3;
        if (!writer.TryBegin(RtcpType.SourceDescription, 1, length, out Span<byte> body))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc.Value);
        body[4] = CanonicalName;
        body[5] = (byte)name.Length;
        name.CopyTo(body[6..]);
        return true;
    }

    /// <summary>The CNAME of a source as UTF-8 bytes.</summary>
    public bool TryGetCanonicalName(Ssrc ssrc, out ReadOnlySpan<byte> name)
    {
        foreach (Chunk chunk in this)
        {
            if (chunk.Ssrc == ssrc && chunk.TryGetItem(CanonicalName, out name))
            {
                return true;
            }
        }

        name = default;
        return false;
    }

    /// <summary>Iterates the chunks.</summary>
    public Enumerator GetEnumerator() => new(_body, _chunks);

    /// <summary>One source and its items.</summary>
    public readonly ref struct Chunk
    {
        private readonly ReadOnlySpan<byte> _items;

        internal Chunk(Ssrc ssrc, ReadOnlySpan<byte> items)
        {
            Ssrc = ssrc;
            _items = items;
        }

        /// <summary>The source described.</summary>
        public Ssrc Ssrc { get; }

        /// <summary>The text of the first item of a type.</summary>
        public bool TryGetItem(byte type, out ReadOnlySpan<byte> text)
        {
            ReadOnlySpan<byte> rest = _items;
            while (!rest.IsEmpty)
            {
                text = rest.Slice(2, rest[1]);
                if (rest[0] == type)
                {
                    return true;
                }

                rest = rest[(2 + rest[1])..];
            }

            text = default;
            return false;
        }
    }

    /// <summary>Walks the chunks; stops at the first that is broken.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private int _left;

        internal Enumerator(ReadOnlySpan<byte> body, int chunks)
        {
            _rest = body;
            _left = chunks;
            Current = default;
        }

        /// <summary>The chunk just reached.</summary>
        public Chunk Current { get; private set; }

        /// <summary>True when every announced chunk has been walked.</summary>
        public readonly bool IsComplete => _left == 0;

        /// <summary>Moves on; false at the end or at a broken chunk.</summary>
        public bool MoveNext()
        {
            if (_left == 0 || _rest.Length < 4 || !TryMeasureItems(_rest[4..], out int items))
            {
                return false;
            }

            Current = new Chunk(new(BinaryPrimitives.ReadUInt32BigEndian(_rest)), _rest.Slice(4, items));

            // The end marker and its padding bring the chunk to a 32-bit boundary.
            _rest = _rest[((4 + items + 4) & ~3)..];
            _left--;
            return true;
        }

        private static bool TryMeasureItems(ReadOnlySpan<byte> bytes, out int length)
        {
            length = 0;
            while (length < bytes.Length && bytes[length] != 0)
            {
                if (length + 2 > bytes.Length || length + 2 + bytes[length + 1] > bytes.Length)
                {
                    return false;
                }

                length += 2 + bytes[length + 1];
            }

            return length < bytes.Length;
        }
    }
}
