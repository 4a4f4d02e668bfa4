using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Speakers;

/// <summary>Levels go in as audio packets, lists come out as events.</summary>
public class ActiveSpeakerTests
{
    private readonly Room _room = new();
    private readonly List<(double At, string Speakers)> _told = [];

    [Fact]
    public void Who_speaks_is_told_soon_and_silence_is_told_once()
    {
        (FakePeer peer, Producer producer) = _room.AddAudio("a");
        Talk(0, 2000, (peer, producer, 30));
        Talk(2000, 6000, (peer, producer, 127));

        Assert.Equal(["a", ""], _told.Select(entry => entry.Speakers));
        Assert.InRange(_told[0].At, 200, 1000);
        Assert.InRange(_told[1].At, 2800, 4500);
    }

    [Fact]
    public void Dtx_silence_ends_speech_without_packets()
    {
        (FakePeer peer, Producer producer) = _room.AddAudio("a");
        Talk(0, 2000, (peer, producer, 30));
        Idle(2000, 8000);
        Assert.Equal(["a", ""], _told.Select(entry => entry.Speakers));
    }

    [Fact]
    public void A_pause_between_words_changes_nothing()
    {
        (FakePeer peer, Producer producer) = _room.AddAudio("a");
        for (int i = 0; i < 10; i++)
        {
            Talk(i * 1000, (i * 1000) + 600, (peer, producer, 30));
            Talk((i * 1000) + 600, (i * 1000) + 1000, (peer, producer, 127));
        }

        Assert.Equal(["a"], _told.Select(entry => entry.Speakers));
    }

    [Fact]
    public void The_louder_comes_first_and_equals_do_not_take_turns()
    {
        (FakePeer first, Producer a) = _room.AddAudio("a");
        (FakePeer second, Producer b) = _room.AddAudio("b");
        Talk(0, 2000, (first, a, 40), (second, b, 20));
        Assert.Equal("b a", _told[^1].Speakers);
        int before = _told.Count;
        for (int i = 0; i < 20; i++)
        {
            Talk(2000 + (i * 300), 2300 + (i * 300), (first, a, i % 2 == 0 ? 19 : 22), (second, b, 20));
        }

        Assert.Equal(before, _told.Count);
    }

    [Fact]
    public void Noise_of_a_room_is_no_speech()
    {
        (FakePeer peer, Producer producer) = _room.AddAudio("a");
        Talk(0, 5000, (peer, producer, 60));
        Assert.Empty(_told);
    }

    [Fact]
    public void Muting_and_leaving_end_speech()
    {
        (FakePeer first, Producer a) = _room.AddAudio("a");
        (FakePeer second, Producer b) = _room.AddAudio("b");
        Talk(0, 2000, (first, a, 30), (second, b, 30));
        _room.Router.Pause(Instant.FromMilliseconds(2000), a);
        Talk(2000, 3000, (second, b, 30));
        Assert.Equal("b", _told[^1].Speakers);
        _room.Router.Close(Instant.FromMilliseconds(3000), b);
        Idle(3000, 4000);
        Assert.Equal("", _told[^1].Speakers);
    }

    private void Talk(int from, int to, params (FakePeer Peer, Producer Producer, int Level)[] voices)
    {
        for (int at = from; at < to; at += 20)
        {
            foreach ((FakePeer peer, Producer producer, int level) in voices)
            {
                peer.SendAudio(Instant.FromMilliseconds(at), producer, level);
            }

            Collect(at);
        }
    }

    private void Idle(int from, int to)
    {
        for (int at = from; at < to; at += 20)
        {
            Collect(at);
        }
    }

    private void Collect(int at)
    {
        _room.Router.HandleTimeout(Instant.FromMilliseconds(at));
        while (_room.Router.TryDequeue(out RouterEvent routerEvent))
        {
            if (routerEvent.Kind == RouterEventKind.ActiveSpeakersChanged)
            {
                _told.Add((at, string.Join(' ', routerEvent.Speakers!.Select(speaker => (string)speaker.Producer.Tag!))));
                Assert.All(routerEvent.Speakers!, speaker => Assert.InRange(speaker.LevelDbov, -127, 0));
            }
        }
    }
}
