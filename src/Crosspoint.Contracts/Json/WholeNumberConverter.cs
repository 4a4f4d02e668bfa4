using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crosspoint.Contracts.Json;

/// <summary>Reads a whole number that may also be written as a numeric string (<c>"3"</c>) or as <c>3.0</c>; writes a number.</summary>
public sealed class WholeNumberConverter : JsonConverter<long>
{
    /// <summary>The largest whole number JavaScript keeps exactly.</summary>
    public const long MaxSafeInteger = 9_007_199_254_740_991;

    /// <inheritdoc/>
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        long value;
        var read = reader.TokenType switch
        {
            JsonTokenType.String => long.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
            JsonTokenType.Number when reader.TryGetInt64(out value) => true,
            JsonTokenType.Number => TryWhole(reader.GetDouble(), out value),
            _ => Refuse(out value),
        };
        return read ? value : throw new JsonException("A whole number is expected.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    private static bool TryWhole(double number, out long value)
    {
        var whole = number == Math.Truncate(number) && Math.Abs(number) <= MaxSafeInteger;
        value = whole ? (long)number : 0;
        return whole;
    }

    private static bool Refuse(out long value)
    {
        value = 0;
        return false;
    }
}
