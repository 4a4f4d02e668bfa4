using Crosspoint.Fuzz.Engine;
using Crosspoint.Fuzz.Targets;

namespace Crosspoint.Fuzz;

/// <summary>Everything that is fuzzed.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. FramingTargets.All,
        .. StunTargets.All,
        .. IceTargets.All,
        .. DtlsTargets.All,
        .. RtpTargets.All,
        .. PayloadTargets.All,
        .. FecTargets.All,
        .. ExtensionTargets.All,
        .. RtcpTargets.All,
        .. SrtpTargets.All,
        .. JsonTargets.All,
        .. TokenTargets.All,
        .. MlsTargets.All,
        .. SFrameTargets.All,
        .. DoorTargets.All,
        .. PeerTargets.All,
        .. RouterTargets.All,
        .. LayerTargets.All,
    ];

    /// <summary>By names parted by commas, or all; null when one is unknown.</summary>
    public static IReadOnlyList<FuzzTarget>? Select(string names)
    {
        if (names == "all")
        {
            return All;
        }

        FuzzTarget?[] found = [.. names.Split(',').Select(name => All.FirstOrDefault(t => t.Name == name))];
        return found.Contains(null) ? null : [.. found.OfType<FuzzTarget>()];
    }
}
