using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crosspoint.Contracts.Json;

/// <summary>Reads <c>"recv"</c> as receiving and anything else as sending, as the first servers did.</summary>
public sealed class TransportDirectionConverter : JsonConverter<Calls.TransportDirection>
{
    /// <inheritdoc/>
    public override Calls.TransportDirection Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("recv"u8))
        {
            return Calls.TransportDirection.Recv;
        }

        reader.Skip();
        return Calls.TransportDirection.Send;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Calls.TransportDirection value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value == Calls.TransportDirection.Recv ? "recv"u8 : "send"u8);
}
