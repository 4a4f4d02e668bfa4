using System.ComponentModel.DataAnnotations;
using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;

namespace Crosspoint.Contracts.Calls;

/// <summary>Checks the lengths and ranges that records declare with attributes, all the way down.</summary>
internal static class PayloadRules
{
    private static readonly ConcurrentDictionary<Type, Rule[]> Cache = new();

    public static PayloadProblem? Check(object value, JsonTypeInfo typeInfo) => CheckObject(value, typeInfo, "$");

    private static PayloadProblem? CheckObject(object value, JsonTypeInfo typeInfo, string path)
    {
        if (typeInfo.Kind != JsonTypeInfoKind.Object)
        {
            return null;
        }

        foreach (var rule in Cache.GetOrAdd(typeInfo.Type, static (_, info) => Build(info), typeInfo))
        {
            if (rule.Get(value) is { } member && CheckMember(rule, member, $"{path}.{rule.Name}") is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static PayloadProblem? CheckMember(Rule rule, object member, string path)
    {
        foreach (var attribute in rule.Attributes)
        {
            if (!attribute.IsValid(member))
            {
                return new PayloadProblem(path, attribute.FormatErrorMessage(rule.Name));
            }
        }

        if (rule.Element is { } element && member is System.Collections.IEnumerable items)
        {
            var index = 0;
            foreach (var item in items)
            {
                if (item is null)
                {
                    return new PayloadProblem($"{path}[{index}]", "Null is not allowed here.");
                }

                if (CheckItem(item, element, $"{path}[{index++}]") is { } problem)
                {
                    return problem;
                }
            }

            return null;
        }

        return rule.Nested is { } nested ? CheckObject(member, nested, path) : null;
    }

    // Strings inside lists carry no attribute of their own; none is meant to be longer than this.
    private static PayloadProblem? CheckItem(object item, JsonTypeInfo element, string path) =>
        item is string { Length: > 256 } ? new PayloadProblem(path, "At most 256 characters.") : CheckObject(item, element, path);

    private static Rule[] Build(JsonTypeInfo info)
    {
        var rules = new List<Rule>();
        foreach (var property in info.Properties)
        {
            if (property.Get is null || property.IsExtensionData)
            {
                continue;
            }

            var attributes = property.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>().ToArray() ?? [];
            var type = info.Options.GetTypeInfo(property.PropertyType);
            var element = type.Kind == JsonTypeInfoKind.Enumerable && type.ElementType is { } elementType ? info.Options.GetTypeInfo(elementType) : null;
            var nested = type.Kind == JsonTypeInfoKind.Object ? type : null;
            if (attributes.Length > 0 || element is not null || nested is not null)
            {
                rules.Add(new Rule(property.Name, property.Get, attributes, element, nested));
            }
        }

        return [.. rules];
    }

    private sealed record Rule(string Name, Func<object, object?> Get, ValidationAttribute[] Attributes, JsonTypeInfo? Element, JsonTypeInfo? Nested);
}
