using System.Threading.Channels;

namespace Crosspoint.Workers;

/// <summary>What the workers of one room tell its owner, over one channel. Speakers are judged where they speak, and merged here into one list.</summary>
/// <remarks>Any thread; never on a packet's way.</remarks>
/// <param name="writer">The channel.</param>
/// <param name="workers">How many workers the room may live on.</param>
/// <param name="maxSpeakers">Speakers listed at most.</param>
internal sealed class RoomNotifications(ChannelWriter<RouterNotification> writer, int workers, int maxSpeakers)
{
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<Speaker>?[] _speakers = new IReadOnlyList<Speaker>?[workers];
    private readonly string?[] _dominant = new string?[workers];
    private Speaker[] _told = [];
    private int _dominantWorker = -1;

    /// <summary>Tells something that is told once.</summary>
    public void Tell(RouterNotification notification) => writer.TryWrite(notification);

    /// <summary>Who speaks on one worker; the owner hears of it when that changes who speaks in the room.</summary>
    public void TellSpeakers(int worker, IReadOnlyList<Speaker> speakers)
    {
        lock (_gate)
        {
            _speakers[worker] = speakers;
            Speaker[] merged = Merge();
            if (!merged.Select(speaker => speaker.ProducerId).SequenceEqual(_told.Select(speaker => speaker.ProducerId)))
            {
                _told = merged;
                Tell(new RouterNotification.SpeakersChanged(merged));
            }

            FollowDominant(merged);
        }
    }

    /// <summary>
    /// Who dominates on one worker. The owner hears of it when he is who the room looks at: at once where the last one was, and from another worker
    /// when the one there has ceased to speak.
    /// </summary>
    public void TellDominant(int worker, string producerId)
    {
        lock (_gate)
        {
            _dominant[worker] = producerId;
            if (worker == _dominantWorker)
            {
                Tell(new RouterNotification.DominantSpeakerChanged(producerId));
            }

            FollowDominant(Merge());
        }
    }

    /// <summary>Nothing follows.</summary>
    public void Complete() => writer.TryComplete();

    // Of those who speak, the loudest that dominates where he is; nobody is looked away from while he speaks.
    private void FollowDominant(Speaker[] speaking)
    {
        if (_dominantWorker >= 0 && IsSpeaking(_dominantWorker))
        {
            return;
        }

        foreach (Speaker speaker in speaking)
        {
            int worker = Array.IndexOf(_dominant, speaker.ProducerId);
            if (worker >= 0)
            {
                _dominantWorker = worker;
                Tell(new RouterNotification.DominantSpeakerChanged(speaker.ProducerId));
                return;
            }
        }
    }

    private bool IsSpeaking(int worker) => _speakers[worker]?.Any(speaker => speaker.ProducerId == _dominant[worker]) ?? false;

    // Each worker's order stands; where lists meet, the louder goes first.
    private Speaker[] Merge()
    {
        List<Queue<Speaker>> lists = [.. _speakers.Where(list => list is { Count: > 0 }).Select(list => new Queue<Speaker>(list!))];
        List<Speaker> merged = [];
        while (merged.Count < maxSpeakers && lists.Count > 0)
        {
            Queue<Speaker> loudest = lists.MaxBy(list => list.Peek().LevelDbov)!;
            merged.Add(loudest.Dequeue());
            lists.RemoveAll(list => list.Count == 0);
        }

        return [.. merged];
    }
}
