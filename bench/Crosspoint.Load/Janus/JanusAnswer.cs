using Crosspoint.Load.Engine;
using Crosspoint.Load.Janus.Sdp;

namespace Crosspoint.Load.Janus;

/// <summary>How a subscriber's leg answers the offer of Janus: everything is taken.</summary>
internal static class JanusAnswer
{
    // Bandwidth estimation is left out on both sides, as in Crosspoint: the load has a fixed rate.
    private static readonly string[] Feedback = ["nack", "nack pli", "ccm fir"];

    /// <summary>The answer. The leg is the DTLS client, so that its ClientHello brings the one SRTP profile it wants.</summary>
    public static SdpDescription Of(Leg leg, SdpDescription offer) => new()
    {
        Transport = LegTransport.Of(leg, SdpSetup.Active),
        Media = [.. offer.Media.Select(Section)],
    };

    /// <summary>The same section, received.</summary>
    public static SdpMedia Section(SdpMedia offered) => offered with
    {
        Direction = SdpDirection.RecvOnly,
        Ssrcs = [],
        RepairGroups = [],
        Codecs = [.. offered.Codecs.Select(codec => codec with { Feedback = [.. codec.Feedback.Where(Feedback.Contains)] })],
    };
}
