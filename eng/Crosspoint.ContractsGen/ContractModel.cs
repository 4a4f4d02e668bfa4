using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Crosspoint.Contracts;
using Crosspoint.Contracts.Json;

namespace Crosspoint.ContractsGen;

/// <summary>What the writers need to know of the contracts, read from their serialisation metadata.</summary>
/// <param name="options">The options of the generated serialisation context.</param>
/// <param name="docs">The summaries.</param>
public sealed class ContractModel(JsonSerializerOptions options, XmlDocs docs)
{
    /// <summary>The summaries.</summary>
    public XmlDocs Docs { get; } = docs;

    /// <summary>The fields of a record, in the order they are written.</summary>
    public IReadOnlyList<ContractField> Fields(Type type) =>
    [
        .. options.GetTypeInfo(type).Properties
            .Where(p => !p.IsExtensionData && p.AttributeProvider is PropertyInfo)
            .Select(p => ContractField.Of(p, (PropertyInfo)p.AttributeProvider!)),
    ];

    /// <summary>Whether the record keeps fields it does not know.</summary>
    public bool KeepsOtherFields(Type type) => options.GetTypeInfo(type).Properties.Any(p => p.IsExtensionData);

    /// <summary>Whether <paramref name="type"/> is a record with fields.</summary>
    public bool IsRecord(Type type) => type != typeof(JsonElement) && options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object;

    /// <summary>The words of an enum, as they are written.</summary>
    public IReadOnlyList<string> Words(Type type) =>
        [.. Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToElement(value, options.GetTypeInfo(type)).GetString()!)];

    /// <summary>All records and enums that <paramref name="roots"/> lead to, by name.</summary>
    public IReadOnlyList<Type> Reach(IEnumerable<Type> roots)
    {
        var found = new SortedDictionary<string, Type>(StringComparer.Ordinal);
        var queue = new Queue<Type>(roots);
        while (queue.TryDequeue(out var next))
        {
            var type = Shape.Leaf(next);
            if ((type.IsEnum || IsRecord(type)) && found.TryAdd(type.Name, type) && !type.IsEnum)
            {
                foreach (var field in Fields(type))
                {
                    queue.Enqueue(field.Type);
                }
            }
        }

        return [.. found.Values];
    }
}

/// <summary>One field of a record.</summary>
/// <param name="Name">On the wire.</param>
/// <param name="Type">Of the value, without nullability.</param>
/// <param name="Required">Whether reading fails without it.</param>
/// <param name="Member">The property.</param>
public sealed record ContractField(string Name, Type Type, bool Required, PropertyInfo Member)
{
    /// <summary>Whether a client may count on it, or must send it.</summary>
    public bool AlwaysThere => Required || Member.IsDefined(typeof(AlwaysWrittenAttribute));

    /// <summary>Whether a numeric string is read too.</summary>
    public bool AlsoNumericText => Member.GetCustomAttribute<JsonConverterAttribute>()?.ConverterType == typeof(WholeNumberConverter);

    /// <summary>The words in use, if they are listed.</summary>
    public IReadOnlyList<string>? Words => Member.GetCustomAttribute<KnownWordsAttribute>()?.Words;

    /// <summary>The declared limits.</summary>
    public IEnumerable<ValidationAttribute> Limits => Member.GetCustomAttributes<ValidationAttribute>();

    /// <summary>Reads it from the metadata.</summary>
    public static ContractField Of(JsonPropertyInfo info, PropertyInfo member) =>
        new(info.Name, Nullable.GetUnderlyingType(info.PropertyType) ?? info.PropertyType, info.IsRequired, member);
}
