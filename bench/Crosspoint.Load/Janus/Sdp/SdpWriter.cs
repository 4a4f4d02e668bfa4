using System.Text;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;

namespace Crosspoint.Load.Janus.Sdp;

/// <summary>Writes descriptions as a browser would (RFC 8829 §5.2.1), candidates included.</summary>
internal static class SdpWriter
{
    /// <summary>The whole text, lines ended by CR LF.</summary>
    public static string Write(SdpDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        StringBuilder text = new(2048);
        Line(text, "v=0");
        Line(text, "o=- 1 1 IN IP4 127.0.0.1");
        Line(text, "s=-");
        Line(text, "t=0 0");
        Line(text, $"a=group:BUNDLE {string.Join(' ', description.Media.Where(media => !media.IsRejected).Select(media => media.Mid))}");
        if (description.Transport.IsIceLite)
        {
            Line(text, "a=ice-lite");
        }

        foreach (SdpMedia media in description.Media)
        {
            WriteMedia(text, media, description.Transport);
        }

        return text.ToString();
    }

    private static void WriteMedia(StringBuilder text, SdpMedia media, SdpTransport transport)
    {
        string formats = media.Codecs.Count == 0 ? "0" : string.Join(' ', media.Codecs.Select(codec => codec.PayloadType));
        Line(text, $"m={media.Kind} {(media.IsRejected ? 0 : 9)} UDP/TLS/RTP/SAVPF {formats}");
        Line(text, "c=IN IP4 0.0.0.0");
        Line(text, $"a=mid:{media.Mid}");
        Line(text, $"a={Name(media.IsRejected ? SdpDirection.Inactive : media.Direction)}");
        if (media.IsRejected)
        {
            return;
        }

        WriteTransport(text, transport);
        Line(text, "a=rtcp-mux");
        foreach (SdpExtension extension in media.Extensions)
        {
            Line(text, $"a=extmap:{extension.Id} {extension.Uri}");
        }

        foreach (SdpCodec codec in media.Codecs)
        {
            WriteCodec(text, codec);
        }

        WriteSources(text, media);
    }

    private static void WriteTransport(StringBuilder text, SdpTransport transport)
    {
        Line(text, $"a=ice-ufrag:{transport.Credentials.UsernameFragment}");
        Line(text, $"a=ice-pwd:{transport.Credentials.Password}");
        Line(text, $"a=setup:{Name(transport.Setup)}");
        foreach (DtlsFingerprint fingerprint in transport.Fingerprints)
        {
            Line(text, $"a=fingerprint:{fingerprint}");
        }

        foreach (IceCandidate candidate in transport.Candidates)
        {
            Line(text, $"a={IceCandidateAttribute.Format(candidate)}");
        }
    }

    private static void WriteCodec(StringBuilder text, SdpCodec codec)
    {
        string channels = codec.Channels > 1 ? $"/{codec.Channels}" : "";
        Line(text, $"a=rtpmap:{codec.PayloadType} {codec.Name}/{codec.ClockRate}{channels}");
        if (codec.Format.Length > 0)
        {
            Line(text, $"a=fmtp:{codec.PayloadType} {codec.Format}");
        }

        foreach (string feedback in codec.Feedback)
        {
            Line(text, $"a=rtcp-fb:{codec.PayloadType} {feedback}");
        }
    }

    private static void WriteSources(StringBuilder text, SdpMedia media)
    {
        if (media.Ssrcs.Count > 0)
        {
            Line(text, $"a=msid:{media.Cname} {media.Cname}-{media.Mid}");
        }

        foreach ((uint ssrc, uint repair) in media.RepairGroups)
        {
            Line(text, $"a=ssrc-group:FID {ssrc} {repair}");
        }

        foreach (uint ssrc in media.Ssrcs)
        {
            Line(text, $"a=ssrc:{ssrc} cname:{media.Cname}");
        }
    }

    private static string Name(SdpSetup setup) => setup switch
    {
        SdpSetup.Active => "active",
        SdpSetup.Passive => "passive",
        _ => "actpass",
    };

    private static string Name(SdpDirection direction) => direction switch
    {
        SdpDirection.SendOnly => "sendonly",
        SdpDirection.RecvOnly => "recvonly",
        SdpDirection.Inactive => "inactive",
        _ => "sendrecv",
    };

    private static void Line(StringBuilder text, string line) => text.Append(line).Append("\r\n");
}
