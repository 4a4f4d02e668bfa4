using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Crosspoint.Load.Measure;

/// <summary>The rows as a JSON array: the shape that scripts and CI read.</summary>
internal static class RowJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes all rows.</summary>
    public static string Write(IEnumerable<Row> rows)
    {
        using MemoryStream into = new();
        using (Utf8JsonWriter writer = new(into, Options))
        {
            writer.WriteStartArray();
            foreach (Row row in rows)
            {
                Write(writer, row);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(into.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("server", row.Case.Server);
        writer.WriteString("serverVersion", row.ServerVersion);
        writer.WriteString("scenario", row.Case.Scenario);
        writer.WriteString("variant", row.Case.Variant);
        writer.WriteString("profile", row.Case.ProfileName);
        writer.WriteNumber("publishers", row.Case.Publishers);
        writer.WriteNumber("subscribers", row.Case.Subscribers);
        writer.WriteString("receiver", "plain");
        writer.WriteNumber("rounds", row.Samples.Count);
        foreach (string name in Figures.All)
        {
            if (row.Of(name) is { } figure)
            {
                writer.WriteStartObject(name);
                writer.WriteNumber("min", figure.Min);
                writer.WriteNumber("median", figure.Median);
                writer.WriteNumber("max", figure.Max);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
    }
}
