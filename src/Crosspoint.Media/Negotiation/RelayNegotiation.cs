using Crosspoint.Media.Plans;

namespace Crosspoint.Media.Negotiation;

/// <summary>A track between two routers of one room. Immutable, any thread.</summary>
/// <param name="Consumers">For the router it comes from: one for each encoding.</param>
/// <param name="Producer">For the router it goes to; what its consumers are offered is the same as at home.</param>
public sealed record RelayNegotiation(IReadOnlyList<ConsumerPlan> Consumers, ProducerNegotiation Producer);
