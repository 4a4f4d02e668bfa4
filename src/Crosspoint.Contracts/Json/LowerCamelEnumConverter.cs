using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crosspoint.Contracts.Json;

/// <summary>Writes an enum member as its lower-camel name and refuses numbers; reading ignores case.</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
public sealed class LowerCamelEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
