using Crosspoint.Media;
using Crosspoint.Media.Congestion;
using Crosspoint.Sim.Server;

namespace Crosspoint.Sim.Scenarios;

/// <summary>The router's options under a policy: as an operator would set them, all else by default.</summary>
internal static class SimRouterOptions
{
    public static RouterOptions For(Policy policy) => new()
    {
        CongestionControl = (policy.Adapts, policy.TransportFeedback) switch
        {
            (false, _) => CongestionControl.None,
            (true, false) => CongestionControl.EstimatedMaximumBitrate,
            (true, true) => CongestionControl.TransportWide,
        },
    };
}
