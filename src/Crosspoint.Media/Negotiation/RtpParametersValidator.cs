using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Media.Negotiation;

/// <summary>Checks the shape of parameters a producer gave: bounds, ranges, duplicates. What they mean comes after.</summary>
internal static class RtpParametersValidator
{
    public static void Validate(MediaKind kind, RtpParameters parameters)
    {
        ValidateCodecs(kind, parameters.Codecs);
        ValidateExtensions(parameters.HeaderExtensions);
        ValidateEncodings(parameters.Encodings);
    }

    private static void ValidateCodecs(MediaKind kind, IReadOnlyList<RtpCodecParameters> codecs)
    {
        if (codecs.Count == 0)
        {
            throw new NegotiationException(NegotiationError.Missing, "codecs", "at least one codec");
        }

        Check.Count(codecs, Limits.Codecs, "codecs");
        string prefix = kind == MediaKind.Audio ? "audio/" : "video/";
        HashSet<int> payloadTypes = [];
        for (int i = 0; i < codecs.Count; i++)
        {
            RtpCodecParameters codec = codecs[i];
            string path = $"codecs[{i}]";
            Check.Codec(codec.MimeType, codec.ClockRate, codec.Channels, codec.Parameters, codec.RtcpFeedback, path);
            Check.Range(codec.PayloadType, 0, 127, $"{path}.payloadType");
            if (!codec.MimeType.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                throw new NegotiationException(NegotiationError.KindMismatch, $"{path}.mimeType", $"must be {prefix}…");
            }

            if (!payloadTypes.Add(codec.PayloadType))
            {
                throw new NegotiationException(NegotiationError.Duplicate, $"{path}.payloadType", "already used");
            }
        }
    }

    private static void ValidateExtensions(IReadOnlyList<RtpHeaderExtensionParameters> extensions)
    {
        Check.Count(extensions, Limits.HeaderExtensions, "headerExtensions");
        HashSet<int> ids = [];
        HashSet<string> uris = new(StringComparer.Ordinal);
        for (int i = 0; i < extensions.Count; i++)
        {
            RtpHeaderExtensionParameters extension = extensions[i];
            string path = $"headerExtensions[{i}]";
            Check.Text(extension.Uri, Limits.Text, $"{path}.uri");
            Check.Range(extension.Id, 1, 255, $"{path}.id");
            if (extension.Encrypt == true)
            {
                throw new NegotiationException(NegotiationError.EncryptedExtension, $"{path}.encrypt", "not supported");
            }

            if (!ids.Add(extension.Id) || !uris.Add(extension.Uri))
            {
                throw new NegotiationException(NegotiationError.Duplicate, path, "id or uri already used");
            }
        }
    }

    private static void ValidateEncodings(IReadOnlyList<RtpEncodingParameters> encodings)
    {
        if (encodings.Count == 0)
        {
            throw new NegotiationException(NegotiationError.Missing, "encodings", "at least one encoding");
        }

        Check.Count(encodings, Limits.Encodings, "encodings");
        HashSet<uint> ssrcs = [];
        HashSet<string> rids = new(StringComparer.Ordinal);
        for (int i = 0; i < encodings.Count; i++)
        {
            RtpEncodingParameters encoding = encodings[i];
            AddSsrc(ssrcs, encoding.Ssrc, $"encodings[{i}].ssrc");
            AddSsrc(ssrcs, encoding.Rtx?.Ssrc, $"encodings[{i}].rtx.ssrc");
            if (encoding.Rid is { } rid && !rids.Add(rid))
            {
                throw new NegotiationException(NegotiationError.Duplicate, $"encodings[{i}].rid", "already used");
            }
        }
    }

    private static void AddSsrc(HashSet<uint> seen, uint? ssrc, string path)
    {
        if (ssrc is not { } value)
        {
            return;
        }

        Check.Range(value, 1, uint.MaxValue, path);
        if (!seen.Add(value))
        {
            throw new NegotiationException(NegotiationError.Duplicate, path, "already used");
        }
    }
}
