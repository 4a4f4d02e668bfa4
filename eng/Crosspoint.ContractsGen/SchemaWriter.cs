using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Json;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.ContractsGen;

/// <summary>Writes JSON Schemas, draft 2020-12. Unknown fields are allowed everywhere.</summary>
public sealed class SchemaWriter(ContractModel model)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The schema of a whole frame.</summary>
    public string Frame(MessageDescriptor message)
    {
        var properties = new JsonObject
        {
            ["v"] = new JsonObject { ["const"] = Envelope.CurrentVersion },
            ["type"] = new JsonObject { ["const"] = message.Type },
            ["msgId"] = new JsonObject { ["description"] = "A UUID of this frame; a retry repeats it.", ["type"] = "string", ["minLength"] = 1, ["maxLength"] = EnvelopeReader.MaxMsgIdLength },
            ["ts"] = new JsonObject { ["description"] = "When it was sent, ms since the Unix epoch.", ["type"] = "number" },
        };
        JsonArray required = ["v", "type", "msgId", "ts"];
        AddSeq(message, properties, required);
        List<Type> roots = [message.Payload.Type];
        if (message.Delivery == MessageDelivery.Ack)
        {
            properties["ack"] = Reference(typeof(Ack));
            required.Add("ack");
            roots.Add(typeof(Ack));
        }

        properties["trace"] = new JsonObject { ["description"] = "A text or an object for tracing; ignored.", ["type"] = new JsonArray("string", "object") };
        properties["payload"] = Reference(message.Payload.Type);
        required.Add("payload");
        var schema = Head(GeneratedFiles.FileName(message.Type), message.Type, message.Summary);
        schema["type"] = "object";
        schema["required"] = required;
        schema["properties"] = properties;
        schema["$defs"] = Definitions(roots);
        return Text(schema);
    }

    /// <summary>The schema of an HTTP body.</summary>
    public string Body(JsonTypeInfo body, string name)
    {
        var schema = Head(name + ".schema.json", body.Type.Name, model.Docs.Of(body.Type));
        schema["$ref"] = $"#/$defs/{body.Type.Name}";
        schema["$defs"] = Definitions([body.Type]);
        return Text(schema);
    }

    private static void AddSeq(MessageDescriptor message, JsonObject properties, JsonArray required)
    {
        var (description, needed) = (message.Direction, message.Delivery) switch
        {
            (MessageDirection.ClientToServer, _) => ("Higher than any before on this connection.", true),
            (MessageDirection.Both, _) => ("From the client: higher than any before on this connection. Absent when relayed.", false),
            (_, MessageDelivery.Direct) => ("1, 2, 3 … on the direct frames of a connection.", true),
            _ => (string.Empty, false),
        };
        if (description.Length == 0)
        {
            properties["seq"] = false;
            return;
        }

        properties["seq"] = new JsonObject { ["description"] = description, ["type"] = "integer", ["minimum"] = 1, ["maximum"] = WholeNumberConverter.MaxSafeInteger };
        if (needed)
        {
            required.Add("seq");
        }
    }

    private static JsonObject Head(string file, string title, string description) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["$id"] = $"urn:crosspoint:calls:v{Envelope.CurrentVersion}:{file.Replace(".schema.json", string.Empty, StringComparison.Ordinal)}",
        ["$comment"] = "Generated from src/Crosspoint.Contracts. Do not edit: " + GeneratedFiles.Command,
        ["title"] = title,
        ["description"] = description,
    };

    private JsonObject Definitions(IEnumerable<Type> roots)
    {
        var definitions = new JsonObject();
        foreach (var type in model.Reach(roots))
        {
            definitions[type.Name] = type.IsEnum ? Enumeration(type) : Record(type);
        }

        return definitions;
    }

    private JsonObject Enumeration(Type type) => new()
    {
        ["description"] = model.Docs.Of(type),
        // The direction is lenient on purpose: anything but "recv" means send.
        [type == typeof(TransportDirection) ? "examples" : "enum"] = new JsonArray([.. model.Words(type).Select(word => (JsonNode)word)]),
    };

    private JsonObject Record(Type type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var field in model.Fields(type))
        {
            properties[field.Name] = Field(field);
            if (field.Required)
            {
                required.Add(field.Name);
            }
        }

        var schema = new JsonObject { ["description"] = model.Docs.Of(type), ["type"] = "object" };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        schema["properties"] = properties;
        return schema;
    }

    private JsonObject Field(ContractField field)
    {
        var schema = new JsonObject { ["description"] = model.Docs.Of(field.Member) };
        Merge(schema, Of(field.Type));
        if (field.AlsoNumericText)
        {
            schema["type"] = new JsonArray("integer", "string");
            schema["pattern"] = "^[0-9]+$";
        }

        foreach (var limit in field.Limits)
        {
            Merge(schema, Limit(limit, field.Type));
        }

        if (field.Words is { } words)
        {
            schema["examples"] = new JsonArray([.. words.Select(word => (JsonNode)word)]);
        }

        return schema;
    }

    private JsonObject Of(Type type)
    {
        if (type.IsEnum || model.IsRecord(type))
        {
            return Reference(type);
        }

        if (type == typeof(JsonElement))
        {
            return [];
        }

        return Shape.ListOf(type) is { } element ? new JsonObject { ["type"] = "array", ["items"] = Of(element) }
            : Shape.MapOf(type) is { } mapped ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(mapped) }
            : Scalar(type);
    }

    private static JsonObject Scalar(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => new JsonObject { ["type"] = "string" },
        TypeCode.Boolean => new JsonObject { ["type"] = "boolean" },
        TypeCode.UInt32 => new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = uint.MaxValue },
        TypeCode.Int32 or TypeCode.Int64 => new JsonObject { ["type"] = "integer" },
        TypeCode.Double => new JsonObject { ["type"] = "number" },
        _ when type == typeof(ParameterValue) => new JsonObject { ["type"] = new JsonArray("number", "string", "boolean", "null") },
        _ => throw new NotSupportedException($"{type} has no schema."),
    };

    private static JsonObject Limit(ValidationAttribute limit, Type type) => limit switch
    {
        StringLengthAttribute text => text.MinimumLength > 0
            ? new JsonObject { ["minLength"] = text.MinimumLength, ["maxLength"] = text.MaximumLength }
            : new JsonObject { ["maxLength"] = text.MaximumLength },
        MaxLengthAttribute items => new JsonObject { [Shape.ListOf(type) is null ? "maxProperties" : "maxItems"] = items.Length },
        RangeAttribute range => new JsonObject { ["minimum"] = Number(range.Minimum), ["maximum"] = Number(range.Maximum) },
        PlainTextAttribute => new JsonObject { ["pattern"] = @"^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$" },
        _ => throw new NotSupportedException($"{limit} has no schema."),
    };

    private static JsonNode Number(object value)
    {
        var number = Convert.ToDouble(value);
        return number == Math.Truncate(number) ? (long)number : number;
    }

    private static JsonObject Reference(Type type) => new() { ["$ref"] = $"#/$defs/{type.Name}" };

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (key, value) in from.ToList())
        {
            from.Remove(key);
            into[key] = value;
        }
    }

    private static string Text(JsonObject schema) => schema.ToJsonString(Indented) + "\n";
}
