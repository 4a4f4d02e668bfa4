using System.Text.Json;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Tests.Rtp;

public sealed class RtpRecordTests
{
    private const string BrowserVideo = """
        {"mid":"1","codecs":[
          {"mimeType":"video/VP8","payloadType":96,"clockRate":90000,"parameters":{},"rtcpFeedback":[{"type":"goog-remb","parameter":""},{"type":"nack"},{"type":"nack","parameter":"pli"}]},
          {"mimeType":"video/rtx","payloadType":97,"clockRate":90000,"parameters":{"apt":96},"rtcpFeedback":[]}],
         "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":4,"encrypt":false,"parameters":{}}],
         "encodings":[{"ssrc":4294967295,"rtx":{"ssrc":2},"dtx":false,"maxBitrate":1500000,"scalabilityMode":"L1T1"}],
         "rtcp":{"cname":"x","reducedSize":true},"future":{"a":[1]}}
        """;

    [Fact]
    public void A_browsers_parameters_are_read_whole()
    {
        var parameters = JsonSerializer.Deserialize(BrowserVideo, RtpJson.Default.RtpParameters)!;
        Assert.Equal(["video/VP8", "video/rtx"], parameters.Codecs.Select(c => c.MimeType));
        Assert.Equal(96, parameters.Codecs[1].Parameters.GetInt32("apt"));
        Assert.Equal(uint.MaxValue, parameters.Encodings[0].Ssrc);
        Assert.Equal(1_500_000, parameters.Encodings[0].MaxBitrate);
        Assert.Null(parameters.Encodings[0].Active);
        Assert.Equal("pli", parameters.Codecs[0].RtcpFeedback[2].Parameter);
    }

    [Fact]
    public void An_empty_object_gives_empty_lists_not_nulls()
    {
        var parameters = JsonSerializer.Deserialize("{}", RtpJson.Default.RtpParameters)!;
        Assert.Empty(parameters.Codecs);
        Assert.Empty(parameters.Encodings);
        Assert.Empty(JsonSerializer.Deserialize("{}", RtpJson.Default.DtlsParameters)!.Fingerprints);
        Assert.Empty(JsonSerializer.Deserialize("""{"mimeType":"audio/opus","payloadType":1,"clockRate":48000}""", RtpJson.Default.RtpCodecParameters)!.Parameters);
    }

    [Fact]
    public void Writing_keeps_kinds_of_parameters_and_leaves_nulls_out()
    {
        var codec = new RtpCodecParameters
        {
            MimeType = "audio/opus", PayloadType = 111, ClockRate = 48000, Channels = 2,
            Parameters = new ParameterBag { ["useinbandfec"] = 1, ["x"] = "1", ["flag"] = ParameterValue.Null, ["b"] = true, ["f"] = ParameterValue.From(0.5) },
        };
        Assert.Equal(
            """{"mimeType":"audio/opus","payloadType":111,"clockRate":48000,"channels":2,"parameters":{"useinbandfec":1,"x":"1","flag":null,"b":true,"f":0.5},"rtcpFeedback":[]}""",
            JsonSerializer.Serialize(codec, RtpJson.Default.RtpCodecParameters));
    }

    [Fact]
    public void An_ice_candidate_also_carries_the_older_ip_name()
    {
        var candidate = new IceCandidate { Foundation = "udpcandidate", Priority = 1076302079, Address = "192.0.2.7", Protocol = IceProtocol.Udp, Port = 40000, Type = IceCandidateType.Host };
        Assert.Equal(
            """{"foundation":"udpcandidate","priority":1076302079,"address":"192.0.2.7","ip":"192.0.2.7","protocol":"udp","port":40000,"type":"host"}""",
            JsonSerializer.Serialize(candidate, RtpJson.Default.IceCandidate));
    }

    [Theory]
    [InlineData("""{"codecs":null}""")]
    [InlineData("""{"codecs":[{"mimeType":"audio/opus","payloadType":"111","clockRate":48000}]}""")]
    [InlineData("""{"codecs":[{"mimeType":"audio/opus","clockRate":48000}]}""")]
    [InlineData("""{"codecs":[{"mimeType":null,"payloadType":1,"clockRate":48000}]}""")]
    [InlineData("""{"codecs":[{"mimeType":"a/b","payloadType":1,"clockRate":48000,"parameters":{"a":{}}}]}""")]
    [InlineData("""{"encodings":[{"ssrc":-1}]}""")]
    [InlineData("""{"encodings":[{"ssrc":4294967296}]}""")]
    public void Wrong_shapes_are_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, RtpJson.Default.RtpParameters));

    [Fact]
    public void A_header_extension_direction_uses_the_sdp_words()
    {
        var extension = new RtpHeaderExtension { Uri = "u", PreferredId = 1, Direction = RtpHeaderExtensionDirection.SendRecv, Kind = MediaKind.Audio };
        var json = JsonSerializer.Serialize(new RtpCapabilities { HeaderExtensions = [extension] }, RtpJson.Default.RtpCapabilities);
        Assert.Equal("""{"codecs":[],"headerExtensions":[{"kind":"audio","uri":"u","preferredId":1,"direction":"sendrecv"}]}""", json);
    }

    [Fact]
    public void Passwords_stay_out_of_ToString() =>
        Assert.DoesNotContain("secret", new IceParameters { UsernameFragment = "abcd", Password = "secretsecretsecretsecret" }.ToString(), StringComparison.Ordinal);
}
