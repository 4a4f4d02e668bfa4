using System.Text.Json;
using System.Text.Json.Serialization;
using Crosspoint.Sim.Scenarios;

namespace Crosspoint.Sim.Report;

/// <summary>Results as a JSON array.</summary>
[JsonSerializable(typeof(IReadOnlyList<ScenarioResult>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class JsonReport : JsonSerializerContext
{
    public static string Print(IReadOnlyList<ScenarioResult> results) => JsonSerializer.Serialize(results, Default.IReadOnlyListScenarioResult);
}
