using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Crosspoint.Contracts.Calls;

/// <summary>Text for people on one line: no control characters, line breaks or changes of writing direction, which could make a name look like something else.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PlainTextAttribute() : ValidationAttribute("{0} holds a control character.")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is not string text || !text.Any(IsRefused);

    // U+202A–202E and U+2066–2069 embed, override and isolate directions (UAX #9); joiners of emoji stay allowed.
    private static bool IsRefused(char c) =>
        char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
        || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
