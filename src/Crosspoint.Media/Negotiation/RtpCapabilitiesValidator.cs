using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Media.Negotiation;

/// <summary>Checks capabilities a client gave before anything is derived from them.</summary>
internal static class RtpCapabilitiesValidator
{
    public static void Validate(RtpCapabilities capabilities)
    {
        Check.Count(capabilities.Codecs, Limits.Codecs, "codecs");
        HashSet<int> payloadTypes = [];
        for (int i = 0; i < capabilities.Codecs.Count; i++)
        {
            RtpCodecCapability codec = capabilities.Codecs[i];
            string path = $"codecs[{i}]";
            Check.Codec(codec.MimeType, codec.ClockRate, codec.Channels, codec.Parameters, codec.RtcpFeedback, path);
            if (codec.PreferredPayloadType is not { } payloadType)
            {
                continue;
            }

            Check.Range(payloadType, 0, 127, $"{path}.preferredPayloadType");
            if (!payloadTypes.Add(payloadType))
            {
                throw new NegotiationException(NegotiationError.Duplicate, $"{path}.preferredPayloadType", "already used");
            }
        }

        Check.Count(capabilities.HeaderExtensions, Limits.HeaderExtensions, "headerExtensions");
        for (int i = 0; i < capabilities.HeaderExtensions.Count; i++)
        {
            RtpHeaderExtension extension = capabilities.HeaderExtensions[i];
            Check.Text(extension.Uri, Limits.Text, $"headerExtensions[{i}].uri");
            Check.Range(extension.PreferredId, 1, 255, $"headerExtensions[{i}].preferredId");
        }
    }
}
