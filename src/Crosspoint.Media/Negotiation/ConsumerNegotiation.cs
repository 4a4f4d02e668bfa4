using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Plans;

namespace Crosspoint.Media.Negotiation;

/// <summary>What came of a wish to consume. Immutable, any thread.</summary>
/// <param name="Plan">For the packet path.</param>
/// <param name="Parameters">For the client: what <c>recvTransport.consume()</c> of mediasoup-client takes.</param>
public sealed record ConsumerNegotiation(ConsumerPlan Plan, RtpParameters Parameters)
{
    /// <summary>mediasoup's consumer type. One encoding is forwarded as it is, so it is always <c>simple</c>.</summary>
    public string Type => "simple";
}
