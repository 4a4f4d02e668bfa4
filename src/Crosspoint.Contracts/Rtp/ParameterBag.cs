namespace Crosspoint.Contracts.Rtp;

/// <summary>Codec or header-extension parameters by name (names are case-sensitive, as mediasoup compares them).</summary>
public sealed class ParameterBag : Dictionary<string, ParameterValue>
{
    /// <summary>An empty bag.</summary>
    public ParameterBag()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>A copy of <paramref name="other"/>.</summary>
    public ParameterBag(IEnumerable<KeyValuePair<string, ParameterValue>> other)
        : base(other, StringComparer.Ordinal)
    {
    }

    /// <summary>The whole number under <paramref name="name"/>, or null when absent or not one.</summary>
    public int? GetInt32(string name) => TryGetValue(name, out var value) && value.TryGetInt32(out var number) ? number : null;

    /// <summary>The value under <paramref name="name"/> as text, or null when absent.</summary>
    public string? GetText(string name) => TryGetValue(name, out var value) ? value.ToString() : null;
}
