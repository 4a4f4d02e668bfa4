using Crosspoint.Load.Janus.Sdp;

namespace Crosspoint.Load.Tests.Janus;

public class SdpReaderTests
{
    [Fact]
    public void An_answer_of_Janus_tells_its_transport()
    {
        SdpTransport transport = Read(JanusDescriptions.Answer).Transport;

        Assert.Equal("WREq", transport.Credentials.UsernameFragment);
        Assert.Equal("QQP3bH8ASZglfmI7+AMi5h", transport.Credentials.Password);
        Assert.Equal(SdpSetup.Active, transport.Setup);
        Assert.StartsWith("sha-256 CD:9C:29", Assert.Single(transport.Fingerprints).ToString(), StringComparison.Ordinal);
        Assert.Equal("10.77.0.1:38979/udp", Assert.Single(transport.Candidates).Address.ToString());
        Assert.False(transport.IsIceLite);
    }

    [Fact]
    public void An_offer_of_Janus_tells_its_streams()
    {
        IReadOnlyList<SdpMedia> media = Read(JanusDescriptions.Offer).Media;

        Assert.Equal(["audio", "video"], media.Select(section => section.Kind));
        Assert.Equal(["0", "1"], media.Select(section => section.Mid));
        Assert.All(media, section => Assert.Equal(SdpDirection.SendOnly, section.Direction));
        Assert.All(media, section => Assert.False(section.IsRejected));
        Assert.Equal(2707427086u, media[0].MediaSsrc);
        Assert.Null(media[0].RepairSsrc);
        Assert.Equal(3392701129u, media[1].MediaSsrc);
        Assert.Equal(3340425463u, media[1].RepairSsrc);
        Assert.Equal([new SdpExtension(2, "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"), new SdpExtension(4, "urn:ietf:params:rtp-hdrext:sdes:mid")], media[1].Extensions);
    }

    [Fact]
    public void Codecs_carry_their_format_and_feedback()
    {
        IReadOnlyList<SdpMedia> media = Read(JanusDescriptions.Offer).Media;

        SdpCodec opus = Assert.Single(media[0].Codecs);
        Assert.Equal(("opus", 48_000, 2, "useinbandfec=1"), (opus.Name, opus.ClockRate, opus.Channels, opus.Format));
        Assert.Equal([96, 97], media[1].Codecs.Select(codec => (int)codec.PayloadType));
        Assert.Equal(["ccm fir", "nack", "nack pli", "goog-remb", "transport-cc"], media[1].Codecs[0].Feedback);
        Assert.Equal((byte)96, media[1].Codecs[1].AssociatedPayloadType);
        Assert.Null(media[1].Codecs[0].AssociatedPayloadType);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_order_of_a_sections_attributes_does_not_matter(int seed)
    {
        SdpDescription straight = Read(JanusDescriptions.Offer);
        SdpDescription shuffled = Read(Shuffle(JanusDescriptions.Offer, new Random(seed)));

        Assert.Equal(straight.Transport.Credentials.Password, shuffled.Transport.Credentials.Password);
        Assert.Equal(straight.Transport.Candidates, shuffled.Transport.Candidates);
        Assert.Equal(straight.Media.Select(media => media.MediaSsrc), shuffled.Media.Select(media => media.MediaSsrc));
        Assert.Equal(straight.Media.Select(media => media.RepairSsrc), shuffled.Media.Select(media => media.RepairSsrc));
        Assert.Equal(straight.Media.Select(media => media.Codecs[0].Name), shuffled.Media.Select(media => media.Codecs[0].Name));
        Assert.Equal(straight.Media[1].Codecs[0].Feedback.Order(), shuffled.Media[1].Codecs[0].Feedback.Order());
    }

    [Fact]
    public void Transport_attributes_may_stand_above_the_sections()
    {
        string text = "v=0\na=ice-lite\na=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\na=setup:passive\n"
            + "a=fingerprint:sha-256 " + string.Join(':', Enumerable.Repeat("0A", 32)) + "\nm=audio 0 UDP/TLS/RTP/SAVPF 0\na=mid:x\n";

        SdpDescription description = Read(text);

        Assert.True(description.Transport.IsIceLite);
        Assert.Equal(SdpSetup.Passive, description.Transport.Setup);
        Assert.True(Assert.Single(description.Media).IsRejected);
    }

    [Theory]
    [InlineData("hello", "Not understood")]
    [InlineData("v=0\nm=audio\n", "Not understood")]
    [InlineData("v=0\na=setup:maybe\n", "Not understood")]
    [InlineData("v=0\na=fingerprint:sha-256 XY\n", "Not understood")]
    [InlineData("v=0\na=candidate:1 1 udp\n", "Not understood")]
    [InlineData("v=0\n", "No usable ICE credentials")]
    [InlineData("v=0\na=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\n", "No fingerprint")]
    [InlineData("", "No usable ICE credentials")]
    public void What_is_not_usable_is_told(string text, string error)
    {
        Assert.False(SdpReader.TryRead(text, out _, out string told));
        Assert.StartsWith(error, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_beginning_of_a_description_is_read_or_refused()
    {
        for (int length = 0; length < JanusDescriptions.Offer.Length; length++)
        {
            _ = SdpReader.TryRead(JanusDescriptions.Offer[..length], out _, out _);
        }
    }

    private static SdpDescription Read(string text)
    {
        Assert.True(SdpReader.TryRead(text, out SdpDescription? description, out string error), error);
        return description;
    }

    private static string Shuffle(string text, Random random)
    {
        List<List<string>> sections = [[]];
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith("m=", StringComparison.Ordinal))
            {
                sections.Add([]);
            }

            sections[^1].Add(line);
        }

        return string.Join("\r\n", sections.SelectMany(section => section.Take(1).Concat(section.Skip(1).OrderBy(_ => random.Next()))));
    }
}
