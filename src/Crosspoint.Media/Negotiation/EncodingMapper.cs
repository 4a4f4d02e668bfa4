using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Negotiation;

/// <summary>Decides how the packets of each encoding will be recognised, and refuses encodings that could not be.</summary>
internal static class EncodingMapper
{
    public static IReadOnlyList<EncodingPlan> Map(RtpParameters parameters, bool withRtx)
    {
        bool midIsSent = parameters.Mid is { Length: > 0 } && Has(parameters, HeaderExtensionKind.Mid);
        bool ridIsSent = Has(parameters, HeaderExtensionKind.RtpStreamId);
        EncodingPlan[] plans = new EncodingPlan[parameters.Encodings.Count];
        for (int i = 0; i < plans.Length; i++)
        {
            RtpEncodingParameters encoding = parameters.Encodings[i];
            bool identifiable = encoding.Ssrc is not null
                || (encoding.Rid is not null && ridIsSent)
                || (plans.Length == 1 && encoding.Rid is null && midIsSent);
            if (!identifiable)
            {
                throw new NegotiationException(
                    NegotiationError.EncodingNotIdentifiable, $"encodings[{i}]", "needs an ssrc, a rid with its header extension, or a mid with its header extension");
            }

            byte[] rid = encoding.Rid is { } text ? Check.Identifier(text, $"encodings[{i}].rid") : [];
            Ssrc rtx = withRtx ? new(encoding.Rtx?.Ssrc ?? 0) : Ssrc.None;
            ScalabilityMode mode = ScalabilityMode.Of(encoding.ScalabilityMode);
            plans[i] = new EncodingPlan(new(encoding.Ssrc ?? 0), rtx, rid) { TemporalLayers = mode.TemporalLayers, IsLayered = mode.IsLayered };
        }

        return plans;
    }

    private static bool Has(RtpParameters parameters, HeaderExtensionKind kind)
    {
        string uri = HeaderExtensionUris.Of(kind);
        return parameters.HeaderExtensions.Any(extension => extension.Uri == uri);
    }
}
