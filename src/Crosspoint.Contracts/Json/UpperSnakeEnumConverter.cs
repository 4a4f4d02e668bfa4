using System.Text.Json;

namespace Crosspoint.Contracts.Json;

/// <summary>Writes an enum member as UPPER_SNAKE and refuses numbers; reading ignores case.</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
public sealed class UpperSnakeEnumConverter<TEnum>() : System.Text.Json.Serialization.JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false)
    where TEnum : struct, Enum;
