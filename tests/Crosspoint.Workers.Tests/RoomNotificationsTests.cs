using System.Threading.Channels;

namespace Crosspoint.Workers.Tests;

public class RoomNotificationsTests
{
    private readonly Channel<RouterNotification> _channel = Channel.CreateUnbounded<RouterNotification>();

    [Fact]
    public void Speakers_of_all_workers_become_one_list_loudest_first()
    {
        RoomNotifications room = new(_channel.Writer, workers: 3, maxSpeakers: 3);
        room.TellSpeakers(0, [new("a", -20), new("b", -40)]);
        room.TellSpeakers(2, [new("c", -30), new("d", -50)]);
        Assert.Equal(["a b", "a c b"], Heard());
        room.TellSpeakers(0, []);
        Assert.Equal(["c d"], Heard());
    }

    [Fact]
    public void The_owner_hears_of_it_only_when_the_list_changes()
    {
        RoomNotifications room = new(_channel.Writer, workers: 2, maxSpeakers: 1);
        room.TellSpeakers(0, [new("a", -20)]);
        room.TellSpeakers(1, [new("c", -30)]);
        room.TellSpeakers(0, [new("a", -25)]);
        Assert.Equal(["a"], Heard());
        room.TellSpeakers(0, []);
        room.TellSpeakers(1, []);
        room.TellSpeakers(1, []);
        Assert.Equal(["c", ""], Heard());
    }

    [Fact]
    public void Who_was_listed_first_by_its_worker_stays_before_who_was_not()
    {
        RoomNotifications room = new(_channel.Writer, workers: 1, maxSpeakers: 5);
        room.TellSpeakers(0, [new("slow", -30), new("newcomer", -27)]);
        Assert.Equal(["slow newcomer"], Heard());
    }

    [Theory]
    [InlineData("0:a 0!a", "a")] // alone
    [InlineData("0:a 0!a 0:b,a 0!b", "a b")] // another of the same worker: judged there
    [InlineData("0:a 0!a 1:b 1!b 1:", "a")] // a word from another worker, while the first speaks
    [InlineData("0:a 0!a 1:b 1!b 0:", "a b")] // he goes on when the first has ended
    [InlineData("0:a 0!a 0: 1:b 1!b 1: 0:a", "a b a")] // and the first speaks again: his worker has nothing new to tell
    [InlineData("0:a 0!a 0: 0:a", "a")] // silence changes nothing
    [InlineData("1:b 0:a 0!a 1:b", "a")] // who is listed and does not dominate is not looked at
    public void The_room_looks_at_one_of_all_workers(string told, string heard)
    {
        RoomNotifications room = new(_channel.Writer, workers: 2, maxSpeakers: 5);
        foreach (string word in told.Split(' '))
        {
            int worker = word[0] - '0';
            if (word[1] == '!')
            {
                room.TellDominant(worker, word[2..]);
                continue;
            }

            room.TellSpeakers(worker, [.. word[2..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select((id, i) => new Speaker(id, -20 - i))]);
        }

        List<string> dominant = [];
        while (_channel.Reader.TryRead(out RouterNotification? notification))
        {
            if (notification is RouterNotification.DominantSpeakerChanged changed)
            {
                dominant.Add(changed.ProducerId);
            }
        }

        Assert.Equal(heard, string.Join(' ', dominant));
    }

    private List<string> Heard()
    {
        List<string> heard = [];
        while (_channel.Reader.TryRead(out RouterNotification? notification))
        {
            heard.Add(string.Join(' ', ((RouterNotification.SpeakersChanged)notification).Speakers.Select(speaker => speaker.ProducerId)));
        }

        return heard;
    }
}
