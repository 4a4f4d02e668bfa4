namespace Crosspoint.Contracts;

/// <summary>The words in use for a text field; others are still read. Client types list exactly these.</summary>
/// <param name="words">The words.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KnownWordsAttribute(params string[] words) : Attribute
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; } = words;
}
