using Crosspoint.Media.Allocation;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Allocation;

public class VideoLimiterTests
{
    private readonly Room _room = new();
    private readonly FakePeer _receiver;
    private readonly Consumer[] _videos = new Consumer[5];

    public VideoLimiterTests()
    {
        _receiver = _room.AddPeer();
        for (int i = 0; i < _videos.Length; i++)
        {
            (FakePeer peer, Producer producer) = _room.AddVideo(ClientJson.ChromeVideo.Replace("8kzNzbBHbGTJqQ0b", $"p{i}", StringComparison.Ordinal));
            _videos[i] = _room.Consume(producer, peer: _receiver).Consumer;
        }
    }

    /// <summary>Limits; who spoke, in order; who has which priority; then S for sent, L for last-N, M for max video.</summary>
    [Theory]
    [InlineData(null, null, "", "", "SSSSS")]
    [InlineData(2, null, "", "", "SSLLL")]
    [InlineData(2, null, "4", "", "SLLLS")]
    [InlineData(2, null, "434", "", "LLLSS")]
    [InlineData(2, null, "01234", "", "LLLSS")]
    [InlineData(0, null, "4", "", "LLLLL")]
    [InlineData(null, 3, "", "", "SSSMM")]
    [InlineData(null, 3, "43", "", "SMMSS")]
    [InlineData(null, 0, "", "", "MMMMM")]
    [InlineData(3, 2, "", "", "SSMLL")]
    // Who has a priority stays besides the last N, but not beyond what is taken at all.
    [InlineData(1, null, "0", "3", "SLLSL")]
    [InlineData(1, 1, "0", "3", "MLLSL")]
    [InlineData(null, 2, "0", "23", "MMSSM")]
    public void Holds(int? lastN, int? maxVideo, string spoke, string preferred, string expected)
    {
        foreach (char one in preferred)
        {
            _room.Router.SetPriority(At(0), _videos[one - '0'], 9);
        }

        _room.Router.SetLimits(At(1), _receiver.Transport, new SubscriberLimits(lastN, maxVideo));
        double now = 10;
        foreach (char one in spoke)
        {
            _room.Router.NoteDominant(At(now++), System.Text.Encoding.UTF8.GetBytes($"p{one}"));
        }

        Assert.Equal(expected, Written());
        Assert.All(_videos, video => Assert.Equal(video.Suspension != Suspension.None, video.Target is null));
    }

    [Fact]
    public void Changes_are_told_once_and_nothing_is_told_again()
    {
        _room.Events();
        _room.Router.SetLimits(At(1), _receiver.Transport, new SubscriberLimits(2, null));
        Assert.Equal([Suspension.LastN, Suspension.LastN, Suspension.LastN], Told());
        _room.Router.SetLimits(At(2), _receiver.Transport, new SubscriberLimits(2, null));
        Assert.Empty(Told());
        _room.Router.NoteDominant(At(3), "p4"u8);
        Assert.Equal([Suspension.None, Suspension.LastN], Told());
        _room.Router.SetLimits(At(4), _receiver.Transport, SubscriberLimits.None);
        Assert.Equal([Suspension.None, Suspension.None, Suspension.None], Told());
        Assert.Equal("SSSSS", Written());
    }

    [Fact]
    public void One_who_leaves_makes_room_for_the_next()
    {
        _room.Router.SetLimits(At(1), _receiver.Transport, new SubscriberLimits(null, 2));
        Assert.Equal("SSMMM", Written());
        _room.Router.Pause(At(2), _videos[0]);
        Assert.Equal(Suspension.None, _videos[2].Suspension);
        _room.Router.Close(At(3), _videos[1]);
        Assert.Equal(Suspension.None, _videos[3].Suspension);
        _room.Router.Resume(At(4), _videos[0]);
        Assert.Equal([Suspension.None, Suspension.None, Suspension.MaxVideo], new[] { _videos[0], _videos[2], _videos[3] }.Select(video => video.Suspension));
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);

    private string Written() => string.Concat(_videos.Select(video => video.Suspension switch
    {
        Suspension.None => 'S',
        Suspension.LastN => 'L',
        Suspension.MaxVideo => 'M',
        _ => '?',
    }));

    private Suspension[] Told() => [.. _room.Events().Where(one => one.Kind == RouterEventKind.Limited).Select(one => one.Suspension).Order()];
}
