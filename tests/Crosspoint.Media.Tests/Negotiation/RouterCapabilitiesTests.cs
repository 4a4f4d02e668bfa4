using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;

namespace Crosspoint.Media.Tests.Negotiation;

public class RouterCapabilitiesTests
{
    private readonly RtpCapabilities _capabilities = new RtpNegotiator(CodecPolicy.Default).Capabilities;

    [Theory]
    [InlineData("audio/opus", 100, null)]
    [InlineData("video/VP8", 101, 102)]
    [InlineData("video/VP9", 103, 104)]
    [InlineData("video/H264", 107, 108)]
    [InlineData("video/AV1", 111, 112)]
    public void Payload_types_are_the_documented_ones(string mimeType, int payloadType, int? rtx)
    {
        RtpCodecCapability codec = _capabilities.Codecs.First(candidate => candidate.MimeType == mimeType);
        Assert.Equal(payloadType, codec.PreferredPayloadType);
        Assert.Equal(rtx, _capabilities.Codecs.FirstOrDefault(candidate => candidate.Parameters.GetInt32("apt") == payloadType)?.PreferredPayloadType);
    }

    [Fact]
    public void Payload_types_are_unique_and_leave_room_for_rtcp()
    {
        int[] all = [.. _capabilities.Codecs.Select(codec => codec.PreferredPayloadType!.Value)];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.All(all, payloadType => Assert.InRange(payloadType, 96, 127));
    }

    [Fact]
    public void Nothing_is_offered_that_nothing_stands_behind()
    {
        string[] feedback = [.. _capabilities.Codecs.SelectMany(codec => codec.RtcpFeedback).Select(line => $"{line.Type} {line.Parameter}".Trim()).Distinct().Order()];
        Assert.Equal(["ccm fir", "goog-remb", "nack", "nack pli", "transport-cc"], feedback);
        Assert.Equal(2, _capabilities.HeaderExtensions.Count(extension => extension.Uri.Contains("transport-wide", StringComparison.Ordinal) && extension.PreferredId == 5));
    }

    [Fact]
    public void Extension_ids_fit_the_one_byte_form_and_are_unique_per_kind()
    {
        foreach (var group in _capabilities.HeaderExtensions.GroupBy(extension => extension.Kind))
        {
            Assert.All(group, extension => Assert.InRange(extension.PreferredId, 1, 14));
            Assert.Equal(group.Count(), group.Select(extension => extension.PreferredId).Distinct().Count());
        }
    }

    [Fact]
    public void Video_senders_are_told_where_to_start() =>
        Assert.All(
            _capabilities.Codecs.Where(codec => codec.Kind == MediaKind.Video && !codec.MimeType.EndsWith("rtx", StringComparison.Ordinal)),
            codec => Assert.Equal(1000, codec.Parameters.GetInt32("x-google-start-bitrate")));
}
