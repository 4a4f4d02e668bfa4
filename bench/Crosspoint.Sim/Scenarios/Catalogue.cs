namespace Crosspoint.Sim.Scenarios;

/// <summary>All scenarios, in the order they are printed in.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<Scenario> All { get; } = [.. RmcatScenarios.All, .. LinkScenarios.All, .. LossScenarios.All, .. RoomScenarios.All, .. JoinScenarios.All];

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => string.Equals(scenario.Name, name, StringComparison.OrdinalIgnoreCase));
}
