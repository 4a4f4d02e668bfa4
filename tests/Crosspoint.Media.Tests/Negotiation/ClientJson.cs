using System.Text.Json;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Media.Tests.Negotiation;

/// <summary>Parameters in the shapes mediasoup-client's browser handlers send them.</summary>
internal static class ClientJson
{
    public const string ChromeAudio = """
        {"mid":"0","codecs":[{"mimeType":"audio/opus","payloadType":111,"clockRate":48000,"channels":2,
          "parameters":{"minptime":10,"useinbandfec":1,"sprop-stereo":1,"usedtx":1},"rtcpFeedback":[{"type":"nack","parameter":""}]}],
         "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4,"encrypt":false,"parameters":{}},
          {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":2,"encrypt":false,"parameters":{}},
          {"uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","id":1,"encrypt":false,"parameters":{}}],
         "encodings":[{"ssrc":1508392718,"dtx":true}],"rtcp":{"cname":"8kzNzbBHbGTJqQ0b","reducedSize":true},"msid":"s t"}
        """;

    public const string ChromeVideo = """
        {"mid":"1","codecs":[
          {"mimeType":"video/VP8","payloadType":96,"clockRate":90000,"parameters":{"x-google-start-bitrate":1000},
           "rtcpFeedback":[{"type":"ccm","parameter":"fir"},{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
          {"mimeType":"video/rtx","payloadType":97,"clockRate":90000,"parameters":{"apt":96},"rtcpFeedback":[]}],
         "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4,"encrypt":false,"parameters":{}},
          {"uri":"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id","id":10,"encrypt":false,"parameters":{}},
          {"uri":"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id","id":11,"encrypt":false,"parameters":{}},
          {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":2,"encrypt":false,"parameters":{}},
          {"uri":"urn:3gpp:video-orientation","id":13,"encrypt":false,"parameters":{}}],
         "encodings":[{"ssrc":2880011223,"rtx":{"ssrc":998877},"dtx":false}],"rtcp":{"cname":"8kzNzbBHbGTJqQ0b","reducedSize":true}}
        """;

    public const string ChromeSimulcast = """
        {"mid":"2","codecs":[
          {"mimeType":"video/VP8","payloadType":96,"clockRate":90000,"parameters":{},"rtcpFeedback":[{"type":"nack"},{"type":"nack","parameter":"pli"}]},
          {"mimeType":"video/rtx","payloadType":97,"clockRate":90000,"parameters":{"apt":96},"rtcpFeedback":[]}],
         "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4},
          {"uri":"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id","id":10},{"uri":"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id","id":11}],
         "encodings":[{"active":true,"rid":"r0","scaleResolutionDownBy":4,"maxBitrate":150000,"scalabilityMode":"L1T3"},
          {"active":true,"rid":"r1","scaleResolutionDownBy":2,"maxBitrate":500000,"scalabilityMode":"L1T3"},
          {"active":true,"rid":"r2","scaleResolutionDownBy":1,"maxBitrate":1500000,"scalabilityMode":"L1T3"}],
         "rtcp":{"cname":"abc","reducedSize":true}}
        """;

    public const string FirefoxVideo = """
        {"mid":"1","codecs":[
          {"mimeType":"video/H264","payloadType":126,"clockRate":90000,"parameters":{"profile-level-id":"42e01f","level-asymmetry-allowed":1,"packetization-mode":1},
           "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},{"type":"ccm","parameter":"fir"}]},
          {"mimeType":"video/rtx","payloadType":127,"clockRate":90000,"parameters":{"apt":126},"rtcpFeedback":[]}],
         "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":3,"encrypt":false,"parameters":{}},
          {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","id":4,"encrypt":false,"parameters":{}}],
         "encodings":[{"ssrc":305419896,"rtx":{"ssrc":305419897}}],"rtcp":{"cname":"{0a1b2c3d-1111-2222-3333-444455556666}","reducedSize":true}}
        """;

    public const string FirefoxAudioWithoutSsrc = """
        {"mid":"0","codecs":[{"mimeType":"audio/opus","payloadType":109,"clockRate":48000,"channels":2,
          "parameters":{"maxplaybackrate":48000,"stereo":1,"useinbandfec":1},"rtcpFeedback":[]}],
         "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","id":1},{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":3}],
         "encodings":[{}],"rtcp":{"reducedSize":true}}
        """;

    /// <summary>What <c>device.recvRtpCapabilities</c> becomes in Chromium: the router's payload types and ids, reduced.</summary>
    public const string ChromeCapabilities = """
        {"codecs":[
          {"mimeType":"audio/opus","kind":"audio","preferredPayloadType":100,"clockRate":48000,"channels":2,"parameters":{"minptime":10,"useinbandfec":1},"rtcpFeedback":[{"type":"nack","parameter":""}]},
          {"mimeType":"video/VP8","kind":"video","preferredPayloadType":101,"clockRate":90000,"parameters":{"x-google-start-bitrate":1000},
           "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},{"type":"ccm","parameter":"fir"}]},
          {"mimeType":"video/rtx","kind":"video","preferredPayloadType":102,"clockRate":90000,"parameters":{"apt":101},"rtcpFeedback":[]},
          {"mimeType":"video/H264","kind":"video","preferredPayloadType":107,"clockRate":90000,"parameters":{"packetization-mode":1,"profile-level-id":"42e034","level-asymmetry-allowed":1},
           "rtcpFeedback":[{"type":"nack","parameter":""},{"type":"nack","parameter":"pli"}]},
          {"mimeType":"video/rtx","kind":"video","preferredPayloadType":108,"clockRate":90000,"parameters":{"apt":107},"rtcpFeedback":[]}],
         "headerExtensions":[
          {"kind":"audio","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":1,"preferredEncrypt":false,"direction":"sendrecv"},
          {"kind":"video","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":1,"preferredEncrypt":false,"direction":"sendrecv"},
          {"kind":"video","uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","preferredId":4,"preferredEncrypt":false,"direction":"sendrecv"},
          {"kind":"audio","uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","preferredId":10,"preferredEncrypt":false,"direction":"sendrecv"},
          {"kind":"video","uri":"urn:3gpp:video-orientation","preferredId":11,"preferredEncrypt":false,"direction":"sendrecv"}]}
        """;

    /// <summary>The same with transport-wide feedback, as every browser has it today.</summary>
    public static readonly string ModernCapabilities = WithTransportWide(ChromeCapabilities, "preferredId", 5);

    /// <summary>The same with REMB and nothing better.</summary>
    public static readonly string RembCapabilities = ChromeCapabilities.Replace(
        """{"type":"nack","parameter":"pli"}""", """{"type":"nack","parameter":"pli"},{"type":"goog-remb","parameter":""}""", StringComparison.Ordinal);

    /// <summary>A sender with transport-wide feedback.</summary>
    public static readonly string ModernVideo = WithTransportWide(ChromeVideo, "id", 3);

    /// <summary>A sender with REMB and nothing better.</summary>
    public static readonly string RembVideo = ChromeVideo.Replace(
        """{"type":"nack","parameter":"pli"}""", """{"type":"nack","parameter":"pli"},{"type":"goog-remb","parameter":""}""", StringComparison.Ordinal);

    /// <summary>A receiver of VP8 without retransmission or header extensions.</summary>
    public const string PlainCapabilities = """
        {"codecs":[{"mimeType":"video/vp8","kind":"video","preferredPayloadType":120,"clockRate":90000}]}
        """;

    private static string WithTransportWide(string json, string idName, int id)
    {
        const string Uri = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
        string extensions = string.Join(',', new[] { "audio", "video" }.Select(kind => $$"""{"kind":"{{kind}}","uri":"{{Uri}}","{{idName}}":{{id}}}"""));
        string one = $$"""{"uri":"{{Uri}}","{{idName}}":{{id}}}""";
        return json
            .Replace("\"headerExtensions\":[", $"\"headerExtensions\":[{(idName == "id" ? one : extensions)},", StringComparison.Ordinal)
            .Replace("\"rtcpFeedback\":[{", "\"rtcpFeedback\":[{\"type\":\"transport-cc\",\"parameter\":\"\"},{", StringComparison.Ordinal);
    }

    public static RtpParameters Parameters(string json) => JsonSerializer.Deserialize(json, RtpJson.Default.RtpParameters)!;

    public static RtpCapabilities Capabilities(string json) => JsonSerializer.Deserialize(json, RtpJson.Default.RtpCapabilities)!;
}
