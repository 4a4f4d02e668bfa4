using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Crosspoint.Contracts.Tests.Generated;

/// <summary>Checks a value against the part of JSON Schema that the generator writes; throws on a keyword it does not know.</summary>
internal sealed class SchemaCheck(JsonElement root)
{
    private static readonly HashSet<string> Annotations = ["$schema", "$id", "$comment", "$defs", "title", "description", "examples"];

    public List<string> Problems { get; } = [];

    public void Check(JsonElement value) => Check(value, root, "$");

    private void Check(JsonElement value, JsonElement schema, string path)
    {
        if (schema.ValueKind == JsonValueKind.False)
        {
            Problems.Add($"{path}: must be absent");
            return;
        }

        foreach (var keyword in schema.EnumerateObject().Where(k => !Annotations.Contains(k.Name)))
        {
            if (!Holds(value, keyword.Name, keyword.Value, path))
            {
                Problems.Add($"{path}: {keyword.Name} {keyword.Value}");
            }
        }
    }

    private bool Holds(JsonElement value, string keyword, JsonElement rule, string path) => keyword switch
    {
        "$ref" => Descend(value, root.GetProperty("$defs").GetProperty(rule.GetString()!["#/$defs/".Length..]), path),
        "const" => JsonElement.DeepEquals(value, rule),
        "enum" => rule.EnumerateArray().Any(word => JsonElement.DeepEquals(value, word)),
        "type" => rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Any(t => Is(value, t.GetString()!)) : Is(value, rule.GetString()!),
        "required" => value.ValueKind != JsonValueKind.Object || rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
        "properties" => Properties(value, rule, path),
        "items" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Index().All(i => Descend(i.Item, rule, $"{path}[{i.Index.ToString(CultureInfo.InvariantCulture)}]")),
        "additionalProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(p => Descend(p.Value, rule, $"{path}.{p.Name}")),
        "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= rule.GetInt32(),
        "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= rule.GetInt32(),
        "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)),
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= rule.GetDouble(),
        "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() <= rule.GetDouble(),
        "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= rule.GetInt32(),
        "maxProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() <= rule.GetInt32(),
        _ => throw new NotSupportedException(keyword),
    };

    private bool Properties(JsonElement value, JsonElement rule, string path) =>
        value.ValueKind != JsonValueKind.Object
        || rule.EnumerateObject().All(p => !value.TryGetProperty(p.Name, out var member) || Descend(member, p.Value, $"{path}.{p.Name}"));

    private bool Descend(JsonElement value, JsonElement schema, string path)
    {
        Check(value, schema, path);
        return true;
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() == Math.Truncate(value.GetDouble()),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => string.Equals(value.ValueKind.ToString(), type, StringComparison.OrdinalIgnoreCase),
    };
}
