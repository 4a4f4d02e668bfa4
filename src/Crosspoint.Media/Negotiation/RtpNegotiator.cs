using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Congestion;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Negotiation;

/// <summary>
/// Offer and answer without SDP, as ORTC and mediasoup do it: capabilities of the router, a producer's parameters
/// mapped onto them, and the parameters a consumer with given capabilities gets. Immutable, any thread.
/// </summary>
public sealed class RtpNegotiator
{
    /// <summary>The id of transport-wide sequence numbers in what routers send, the same in every room.</summary>
    public const byte TransportSequenceNumberId = 5;

    private readonly ProducerMapper _producers;

    /// <summary>For a policy.</summary>
    public RtpNegotiator(CodecPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Capabilities = RouterCapabilities.Of(policy);
        _producers = new ProducerMapper(policy, Capabilities);
    }

    /// <summary>What the router can receive and send: for <c>device.load({ routerRtpCapabilities })</c>.</summary>
    public RtpCapabilities Capabilities { get; }

    /// <summary>Checks a producer's parameters and maps them onto the router's.</summary>
    /// <param name="kind">Audio or video.</param>
    /// <param name="parameters">As the client gave them.</param>
    /// <param name="canonicalNameIfAbsent">The CNAME when the parameters name none; the same for all producers of one peer, 1 to 255 bytes.</param>
    /// <exception cref="NegotiationException">They cannot be used.</exception>
    public ProducerNegotiation MapProducer(MediaKind kind, RtpParameters parameters, string canonicalNameIfAbsent)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        RtpParametersValidator.Validate(kind, parameters);
        return _producers.Map(kind, parameters, canonicalNameIfAbsent);
    }

    /// <summary>The same track on its way to another router of the room.</summary>
    /// <param name="producer">What is relayed.</param>
    /// <param name="nextSsrc">What each encoding is sent with, unique on that way.</param>
    public static RelayNegotiation MapRelay(ProducerNegotiation producer, Func<Ssrc> nextSsrc)
    {
        ArgumentNullException.ThrowIfNull(producer);
        ArgumentNullException.ThrowIfNull(nextSsrc);
        return RelayMapper.Map(producer, nextSsrc);
    }

    /// <summary>Whether a client with these capabilities can consume the producer.</summary>
    /// <exception cref="NegotiationException">The capabilities are out of bounds.</exception>
    public static bool CanConsume(ProducerNegotiation producer, RtpCapabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(producer);
        ArgumentNullException.ThrowIfNull(capabilities);
        RtpCapabilitiesValidator.Validate(capabilities);
        return ConsumerMapper.FindCodec(producer.Consumable.Codecs[0], capabilities) is not null;
    }

    /// <summary>The parameters a consumer with these capabilities gets, with fresh SSRCs.</summary>
    /// <param name="producer">What is consumed.</param>
    /// <param name="capabilities">What the client can receive.</param>
    /// <param name="mid">The media section in the client's bundle; unique in its transport, 1 to 16 visible ASCII characters.</param>
    /// <param name="random">Where the SSRCs come from.</param>
    /// <param name="control">What the router does with feedback: what it does nothing with is not negotiated.</param>
    /// <exception cref="NegotiationException">Out of bounds, or <see cref="NegotiationError.CannotConsume"/>.</exception>
    public static ConsumerNegotiation MapConsumer(
        ProducerNegotiation producer, RtpCapabilities capabilities, string mid, IRandomSource random, CongestionControl control = CongestionControl.TransportWide)
    {
        ArgumentNullException.ThrowIfNull(producer);
        ArgumentNullException.ThrowIfNull(capabilities);
        ArgumentNullException.ThrowIfNull(random);
        RtpCapabilitiesValidator.Validate(capabilities);
        return ConsumerMapper.Map(producer, capabilities, mid, random, control);
    }
}
