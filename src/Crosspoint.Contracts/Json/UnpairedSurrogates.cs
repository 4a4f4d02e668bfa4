using System.Buffers.Text;

namespace Crosspoint.Contracts.Json;

/// <summary>
/// Finds escapes that are no text: <c>\ud800</c> alone is well-formed JSON (RFC 8259 §8.2), yet cannot be read as a string
/// nor written again.
/// </summary>
internal static class UnpairedSurrogates
{
    private const int EscapeLength = 6;

    /// <summary>True when a string or a name anywhere in a well-formed JSON text has one.</summary>
    public static bool AreIn(ReadOnlySpan<byte> json)
    {
        for (int at = json.IndexOf((byte)'\\'); at >= 0 && at + 1 < json.Length; at = json.IndexOf((byte)'\\'))
        {
            json = json[at..];
            int unit = ReadUnit(json);
            bool isHigh = unit is >= 0xD800 and <= 0xDBFF;
            if (unit is >= 0xDC00 and <= 0xDFFF || (isHigh && ReadUnit(json[EscapeLength..]) is < 0xDC00 or > 0xDFFF))
            {
                return true;
            }

            json = json[(unit < 0 ? 2 : isHigh ? 2 * EscapeLength : EscapeLength)..];
        }

        return false;
    }

    // The UTF-16 unit of an escape that the text begins with; -1 when it begins with none.
    private static int ReadUnit(ReadOnlySpan<byte> json) =>
        json.Length >= EscapeLength && json.StartsWith("\\u"u8) && Utf8Parser.TryParse(json.Slice(2, 4), out ushort unit, out int read, 'X') && read == 4 ? unit : -1;
}
