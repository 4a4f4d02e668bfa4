using Crosspoint.Contracts.Rtp;
using Crosspoint.Load.Janus;
using Crosspoint.Load.Janus.Sdp;
using Crosspoint.Load.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;
using DtlsFingerprint = Crosspoint.Rtc.Dtls.DtlsFingerprint;

namespace Crosspoint.Load.Tests.Janus;

public class SdpWriterTests
{
    private static readonly SdpTransport Ours = new()
    {
        Credentials = new IceCredentials("abcdefgh", "0123456789abcdefghijklmn"),
        Fingerprints = [new DtlsFingerprint("sha-256", new byte[32])],
        Setup = SdpSetup.ActPass,
        Candidates = [Rtc.Ice.IceCandidate.Host(TransportAddress.FromIPv4(0x0A4D_0002, 5000))],
    };

    private static readonly TrackDescription[] Tracks = [new(MediaKind.Audio, 1111, "0"), new(MediaKind.Video, 2222, "1")];

    [Fact]
    public void What_is_written_is_read_again()
    {
        SdpDescription written = new() { Transport = Ours, Media = [.. Tracks.Select(JanusOffer.Section)] };

        Assert.True(SdpReader.TryRead(SdpWriter.Write(written), out SdpDescription? read, out string error), error);

        Assert.Equal(Ours.Credentials.UsernameFragment, read.Transport.Credentials.UsernameFragment);
        Assert.Equal(Ours.Credentials.Password, read.Transport.Credentials.Password);
        Assert.Equal(Ours.Setup, read.Transport.Setup);
        Assert.Equal(Ours.Fingerprints, read.Transport.Fingerprints);
        Assert.Equal(Ours.Candidates.Select(candidate => candidate.Address), read.Transport.Candidates.Select(candidate => candidate.Address));
        Assert.Equal(written.Media.Count, read.Media.Count);
        foreach ((SdpMedia expected, SdpMedia actual) in written.Media.Zip(read.Media))
        {
            Assert.Equal((expected.Kind, expected.Mid, expected.Direction, expected.Cname), (actual.Kind, actual.Mid, actual.Direction, actual.Cname));
            Assert.Equal(expected.Extensions, actual.Extensions);
            Assert.Equal(expected.Ssrcs, actual.Ssrcs);
            Assert.Equal(expected.Codecs.Select(Text), actual.Codecs.Select(Text));
        }
    }

    [Fact]
    public void A_publishers_offer_bundles_one_section_for_each_track()
    {
        string text = SdpWriter.Write(new SdpDescription { Transport = Ours, Media = [.. Tracks.Select(JanusOffer.Section)] });

        Assert.Contains("a=group:BUNDLE 0 1\r\n", text, StringComparison.Ordinal);
        Assert.Contains("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", text, StringComparison.Ordinal);
        Assert.Contains("m=video 9 UDP/TLS/RTP/SAVPF 96\r\n", text, StringComparison.Ordinal);
        Assert.Contains("a=rtpmap:111 opus/48000/2\r\n", text, StringComparison.Ordinal);
        Assert.Contains("a=rtcp-fb:96 nack pli\r\n", text, StringComparison.Ordinal);
        Assert.Contains("a=ssrc:2222 cname:", text, StringComparison.Ordinal);
        Assert.Contains("typ host\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subscribers_answer_keeps_sections_and_payload_types_and_leaves_bandwidth_estimation_out()
    {
        Assert.True(SdpReader.TryRead(JanusDescriptions.Offer, out SdpDescription? offer, out _));

        SdpMedia[] answer = [.. offer.Media.Select(JanusAnswer.Section)];

        Assert.All(answer, section => Assert.Equal(SdpDirection.RecvOnly, section.Direction));
        Assert.All(answer, section => Assert.Empty(section.Ssrcs));
        Assert.Equal(offer.Media.Select(section => section.Mid), answer.Select(section => section.Mid));
        Assert.Equal([96, 97], answer[1].Codecs.Select(codec => (int)codec.PayloadType));
        Assert.Equal(["ccm fir", "nack", "nack pli"], answer[1].Codecs[0].Feedback);
    }

    [Fact]
    public void A_rejected_section_stays_in_its_place()
    {
        SdpMedia rejected = new() { Kind = "application", Mid = "2", IsRejected = true };
        string text = SdpWriter.Write(new SdpDescription { Transport = Ours, Media = [JanusOffer.Section(Tracks[0]), rejected] });

        Assert.Contains("a=group:BUNDLE 0\r\n", text, StringComparison.Ordinal);
        Assert.Contains("m=application 0 UDP/TLS/RTP/SAVPF 0\r\n", text, StringComparison.Ordinal);
        Assert.True(SdpReader.TryRead(text, out SdpDescription? read, out _));
        Assert.Equal([false, true], read.Media.Select(section => section.IsRejected));
    }

    private static string Text(SdpCodec codec) =>
        $"{codec.PayloadType} {codec.Name}/{codec.ClockRate}/{codec.Channels} {codec.Format} {string.Join(',', codec.Feedback)}";
}
