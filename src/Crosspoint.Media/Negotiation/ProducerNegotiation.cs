using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Plans;

namespace Crosspoint.Media.Negotiation;

/// <summary>What came of a producer's parameters. Immutable, any thread.</summary>
/// <param name="Plan">For the packet path.</param>
/// <param name="Consumable">The same track as the router offers it: the router's payload types and extension ids.</param>
public sealed record ProducerNegotiation(ProducerPlan Plan, RtpParameters Consumable)
{
    /// <summary><c>simple</c>, <c>simulcast</c> for several encodings, <c>svc</c> for one with layers.</summary>
    public string Type => Plan.Encodings.Count > 1 ? "simulcast" : Plan.Encodings[0].IsLayered ? "svc" : "simple";
}
