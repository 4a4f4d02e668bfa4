namespace Crosspoint.ContractsGen;

/// <summary>Takes lists and maps apart.</summary>
internal static class Shape
{
    /// <summary>The element type of a list, or null.</summary>
    public static Type? ListOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>The value type of a map with text keys, or null.</summary>
    public static Type? MapOf(Type type)
    {
        var map = new[] { type }.Concat(type.GetInterfaces())
            .FirstOrDefault(t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));
        return map?.GetGenericArguments()[1];
    }

    /// <summary>What is inside lists, maps and nullables.</summary>
    public static Type Leaf(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? Leaf(value)
        : ListOf(type) is { } element ? Leaf(element)
        : MapOf(type) is { } mapped ? Leaf(mapped)
        : type;
}
