using System.Text.Json;

namespace Crosspoint.CallsClient;

/// <summary>Reads the type of a frame and nothing else: of a hundred thousand broadcasts in a storm nobody needs the payload.</summary>
internal static class FrameType
{
    /// <summary>The envelope's <c>type</c>; empty when there is none.</summary>
    public static string Of(ReadOnlySpan<byte> frame)
    {
        Utf8JsonReader reader = new(frame);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            bool isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType)
            {
                return reader.GetString() ?? "";
            }

            reader.Skip();
        }

        return "";
    }
}
