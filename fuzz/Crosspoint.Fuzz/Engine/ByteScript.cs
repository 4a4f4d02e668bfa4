namespace Crosspoint.Fuzz.Engine;

/// <summary>Reads an input as a sequence of small things; past the end there are zeros.</summary>
public ref struct ByteScript(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public byte Take()
    {
        byte value = _rest.IsEmpty ? (byte)0 : _rest[0];
        _rest = _rest.IsEmpty ? _rest : _rest[1..];
        return value;
    }

    /// <summary>A length in one byte and as many bytes, or as many as there are.</summary>
    public ReadOnlySpan<byte> TakeBlock()
    {
        int length = Math.Min(Take(), _rest.Length);
        ReadOnlySpan<byte> block = _rest[..length];
        _rest = _rest[length..];
        return block;
    }

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> TakeRest()
    {
        ReadOnlySpan<byte> rest = _rest;
        _rest = default;
        return rest;
    }
}
