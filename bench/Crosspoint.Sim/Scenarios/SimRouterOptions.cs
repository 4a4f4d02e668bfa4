using Crosspoint.Media;
using Crosspoint.Sim.Server;

namespace Crosspoint.Sim.Scenarios;

/// <summary>The router's options under a policy.</summary>
internal static class SimRouterOptions
{
    public static RouterOptions For(Policy policy)
    {
        _ = policy;
        return new RouterOptions();
    }
}
