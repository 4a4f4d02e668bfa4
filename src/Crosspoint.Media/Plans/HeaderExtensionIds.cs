namespace Crosspoint.Media.Plans;

/// <summary>Which local id stands for which header extension in one session (RFC 8285 §5). Immutable, any thread.</summary>
public sealed class HeaderExtensionIds
{
    /// <summary>No extension at all.</summary>
    public static readonly HeaderExtensionIds None = new([]);

    private readonly byte[] _idOf = new byte[HeaderExtensionUris.Count];
    private readonly byte[] _kindPlusOneOf = new byte[256];

    /// <summary>From pairs of kind and id, 1 to 255.</summary>
    /// <exception cref="ArgumentException">An id is zero or used twice, or a kind is given twice.</exception>
    public HeaderExtensionIds(IReadOnlyList<(HeaderExtensionKind Kind, byte Id)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        foreach ((HeaderExtensionKind kind, byte id) in pairs)
        {
            if (id == 0 || _kindPlusOneOf[id] != 0 || _idOf[(int)kind] != 0)
            {
                throw new ArgumentException($"Header extension {kind} with id {id} is a duplicate or has no id.", nameof(pairs));
            }

            _idOf[(int)kind] = id;
            _kindPlusOneOf[id] = (byte)((int)kind + 1);
            Signature |= (UInt128)id << (8 * (int)kind);
        }
    }

    /// <summary>All ids in one number: equal when every kind has the same id. Room for 16 kinds.</summary>
    public UInt128 Signature { get; }

    /// <summary>The local id of a kind; 0 when it was not negotiated.</summary>
    public byte this[HeaderExtensionKind kind] => _idOf[(int)kind];

    /// <summary>True when the kind was negotiated.</summary>
    public bool Has(HeaderExtensionKind kind) => _idOf[(int)kind] != 0;

    /// <summary>The kind behind a local id.</summary>
    public bool TryGetKind(int id, out HeaderExtensionKind kind)
    {
        int found = (uint)id < 256 ? _kindPlusOneOf[id] : 0;
        kind = (HeaderExtensionKind)(found - 1);
        return found != 0;
    }
}
