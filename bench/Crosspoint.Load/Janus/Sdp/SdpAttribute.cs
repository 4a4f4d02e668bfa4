namespace Crosspoint.Load.Janus.Sdp;

/// <summary>An <c>a=</c> line taken apart at its first colon; a property attribute has an empty value.</summary>
internal readonly ref struct SdpAttribute
{
    private SdpAttribute(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>Before the colon.</summary>
    public ReadOnlySpan<char> Name { get; }

    /// <summary>After it.</summary>
    public ReadOnlySpan<char> Value { get; }

    /// <summary>Takes apart what follows <c>a=</c>.</summary>
    public static SdpAttribute Split(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        return colon < 0 ? new(text, default) : new(text[..colon], text[(colon + 1)..].Trim());
    }

    /// <summary>Takes <paramref name="text"/> apart at its first <paramref name="separator"/>; the second half is empty without one.</summary>
    public static void Cut(ReadOnlySpan<char> text, char separator, out ReadOnlySpan<char> first, out ReadOnlySpan<char> rest)
    {
        int at = text.IndexOf(separator);
        first = at < 0 ? text : text[..at];
        rest = at < 0 ? default : text[(at + 1)..].Trim();
    }
}
