using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crosspoint.Contracts.Rtp;

/// <summary>Reads and writes a <see cref="ParameterValue"/>; nested objects and arrays are refused.</summary>
public sealed class ParameterValueConverter : JsonConverter<ParameterValue>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override ParameterValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => ParameterValue.Null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String => ParameterValue.From(reader.GetString()!),
        JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsFinite(number) => ParameterValue.From(number),
        _ => throw new JsonException("A parameter is a number, a string, a boolean or null."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ParameterValue value, JsonSerializerOptions options) => value.Write(writer);
}
