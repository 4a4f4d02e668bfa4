using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Speakers;

public class DominantSpeakerTests
{
    private const int Loud = 30;
    private const int Shout = 10;
    private const int Quiet = 127;

    private readonly Room _room = new();
    private readonly List<(double At, string Who)> _told = [];
    private readonly (FakePeer Peer, Producer Producer)[] _tracks;
    private double _now;

    public DominantSpeakerTests() => _tracks = [_room.AddAudio("a"), _room.AddAudio("b")];

    [Fact]
    public void The_first_who_speaks_is_dominant_at_once_and_stays_so_in_silence()
    {
        Speak(1000, (0, Loud));
        Speak(10_000);
        (double at, string who) = Assert.Single(_told);
        Assert.Equal("a", who);
        Assert.InRange(at, 250, 600);
    }

    [Fact]
    public void A_word_of_agreement_changes_nothing_and_a_speech_does()
    {
        Speak(3000, (0, Loud));
        Speak(600, (0, Loud), (1, Shout));
        Speak(3000, (0, Loud));
        Assert.Single(_told);
        Speak(3000, (0, Loud), (1, Shout));
        Assert.Equal(["a", "b"], _told.Select(one => one.Who));
        Assert.InRange(_told[1].At - 6600, 1500, 2500);
    }

    [Fact]
    public void Who_answers_when_the_other_has_ended_need_not_wait_so_long()
    {
        Speak(3000, (0, Loud));
        Speak(2000);
        Speak(2000, (1, Loud));
        Assert.Equal(["a", "b"], _told.Select(one => one.Who));
        Assert.InRange(_told[1].At - 5000, 250, 1300);
    }

    private void Speak(double milliseconds, params (int Who, int Level)[] speakers)
    {
        double end = _now + milliseconds;
        for (; _now < end; _now += 20)
        {
            _room.RunUntil(_now);
            _told.AddRange(_room.Events()
                .Where(one => one.Kind == RouterEventKind.DominantSpeakerChanged)
                .Select(one => (_now, (string)one.Producer!.Tag!)));
            for (int i = 0; i < _tracks.Length; i++)
            {
                int level = Array.Find(speakers, one => one.Who == i) is { Level: > 0 } found ? found.Level : Quiet;
                _tracks[i].Peer.SendAudio(Instant.FromMilliseconds(_now), _tracks[i].Producer, level);
            }
        }
    }
}
