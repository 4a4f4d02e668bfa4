using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Plans;

namespace Crosspoint.Media.Negotiation;

/// <summary>What came of a wish to consume. Immutable, any thread.</summary>
/// <param name="Plan">For the packet path.</param>
/// <param name="Parameters">For the client: what <c>recvTransport.consume()</c> of mediasoup-client takes.</param>
/// <param name="Type">mediasoup's word for what the router chooses from: <c>simple</c>, <c>simulcast</c> or <c>svc</c>.</param>
public sealed record ConsumerNegotiation(ConsumerPlan Plan, RtpParameters Parameters, string Type);
