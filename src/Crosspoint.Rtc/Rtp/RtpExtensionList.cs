namespace Crosspoint.Rtc.Rtp;

/// <summary>One element of a header extension (RFC 8285): a local id and its bytes.</summary>
public readonly ref struct RtpExtensionElement(int id, ReadOnlySpan<byte> value)
{
    /// <summary>The local id, 1 to 14 in the one-byte form, 1 to 255 in the two-byte form.</summary>
    public int Id { get; } = id;

    /// <summary>The element's bytes; empty is possible in the two-byte form only.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>
/// The elements of one header extension, in either form of RFC 8285. Elements that run over the end are as if absent.
/// </summary>
/// <remarks>
/// <code>
/// one-byte (profile 0xBEDE)            two-byte (profile 0x100x)
/// +-+-+-+-+-+-+-+-+                    +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  ID   | len-1 |  data …            |      ID       |     length    |  data …
/// </code>
/// </remarks>
public readonly ref struct RtpExtensionList
{
    /// <summary>The profile of the one-byte form.</summary>
    public const ushort OneByteProfile = 0xBEDE;

    /// <summary>The profile of the two-byte form; its low four bits are application bits.</summary>
    public const ushort TwoByteProfile = 0x1000;

    private readonly ushort _profile;
    private readonly ReadOnlySpan<byte> _block;

    internal RtpExtensionList(ushort profile, ReadOnlySpan<byte> block)
    {
        _profile = profile;
        _block = block;
    }

    /// <summary>Iterates the elements.</summary>
    public Enumerator GetEnumerator() => new(_profile, _block);

    /// <summary>The value of the first element with this id.</summary>
    public bool TryGet(int id, out ReadOnlySpan<byte> value)
    {
        foreach (RtpExtensionElement element in this)
        {
            if (element.Id == id)
            {
                value = element.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Walks the elements; never reads outside the block.</summary>
    public ref struct Enumerator
    {
        private readonly bool _oneByte;
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ushort profile, ReadOnlySpan<byte> block)
        {
            _oneByte = profile == OneByteProfile;
            _rest = _oneByte || (profile & 0xFFF0) == TwoByteProfile ? block : default;
            Current = default;
        }

        /// <summary>The element just reached.</summary>
        public RtpExtensionElement Current { get; private set; }

        /// <summary>Moves on; false at the end.</summary>
        public bool MoveNext()
        {
            // A zero byte is padding in both forms.
            int zeros = _rest.IndexOfAnyExcept((byte)0);
            if (zeros < 0)
            {
                return false;
            }

            _rest = _rest[zeros..];
            return _oneByte ? MoveNextOneByte() : MoveNextTwoByte();
        }

        private bool MoveNextOneByte()
        {
            int id = _rest[0] >> 4;
            int length = (_rest[0] & 0x0F) + 1;

            // RFC 8285 §4.2: id 15, or id 0 with a length, ends the processing; what came before counts.
            return id is not (0 or 15) && Take(id, 1, length);
        }

        private bool MoveNextTwoByte() => _rest.Length >= 2 && Take(_rest[0], 2, _rest[1]);

        private bool Take(int id, int headerLength, int length)
        {
            if (_rest.Length < headerLength + length)
            {
                _rest = default;
                return false;
            }

            Current = new RtpExtensionElement(id, _rest.Slice(headerLength, length));
            _rest = _rest[(headerLength + length)..];
            return true;
        }
    }
}
