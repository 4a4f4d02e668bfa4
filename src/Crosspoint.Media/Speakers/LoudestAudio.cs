using Crosspoint.Primitives;

namespace Crosspoint.Media.Speakers;

/// <summary>
/// Which audio tracks of a large room are forwarded: those of the K loudest. A track that begins to speak gets a free place at once; it
/// loses it only in its own silence, so that nobody hears a cut, and never before it had it for the hold time.
/// </summary>
/// <remarks>One owner: the router's thread. Costs a comparison per audio packet, and a walk over the tracks at each judgement.</remarks>
/// <param name="places">How many; 0 for all.</param>
/// <param name="hold">The least time a place is kept.</param>
/// <param name="options">What speech is.</param>
internal sealed class LoudestAudio(int places, TimeSpan hold, ActiveSpeakerOptions options)
{
    private readonly List<Producer> _producers = [];
    private Instant _judgedAt = Instant.Zero;

    /// <summary>True when not everybody is heard.</summary>
    public bool IsOn => places > 0;

    /// <summary>A track comes; it is heard when it speaks.</summary>
    public void Add(Producer producer)
    {
        if (IsOn)
        {
            _producers.Add(producer);
            producer.Place = default;
        }
    }

    /// <summary>A track is no more.</summary>
    public void Remove(Producer producer) => _producers.Remove(producer);

    /// <summary>Whether a packet of a track is to be forwarded.</summary>
    /// <param name="now">The present.</param>
    /// <param name="producer">Whose it is.</param>
    /// <param name="level">Its level, 0 to 127 below full scale; null when it says none: then it is always heard.</param>
    public bool Hears(Instant now, Producer producer, int? level)
    {
        if (!IsOn || level is not { } quietness)
        {
            return true;
        }

        if (now - _judgedAt >= options.Interval)
        {
            Judge(now);
        }

        int loudness = 127 - quietness;
        ref AudiblePlace place = ref producer.Place;
        place.Loudness += (loudness - place.Loudness) * 0.2;
        if (!place.IsAudible && loudness >= options.OnLoudness && TryMakePlace(now, place.Loudness))
        {
            place.IsAudible = true;
            place.Since = now;
            producer.BeginSpurt();
        }

        place.LoudAt = loudness >= options.OffLoudness ? now : place.LoudAt;
        return place.IsAudible;
    }

    // Those who have been silent for the hold time make room.
    private void Judge(Instant now)
    {
        _judgedAt = now;
        foreach (Producer producer in _producers)
        {
            ref AudiblePlace place = ref producer.Place;
            if (place.IsAudible && now - place.LoudAt >= hold && now - place.Since >= hold)
            {
                Lose(producer);
            }
        }
    }

    private bool TryMakePlace(Instant now, double loudness)
    {
        int taken = 0;
        Producer? quietest = null;
        foreach (Producer producer in _producers)
        {
            ref AudiblePlace place = ref producer.Place;
            taken += place.IsAudible ? 1 : 0;
            bool mayLose = place.IsAudible && now - place.Since >= hold && now - place.LoudAt >= options.Interval;
            quietest = mayLose && (quietest is null || place.LoudAt < quietest.Place.LoudAt) ? producer : quietest;
        }

        if (taken < places)
        {
            return true;
        }

        if (quietest is null || quietest.Place.Loudness > loudness + options.OvertakeBy)
        {
            return false;
        }

        Lose(quietest);
        return true;
    }

    private static void Lose(Producer producer)
    {
        producer.Place.IsAudible = false;
        producer.AwaitStart();
    }
}

/// <summary>A track's place among those that are heard.</summary>
internal struct AudiblePlace
{
    /// <summary>True while its packets are forwarded.</summary>
    public bool IsAudible;

    /// <summary>Since when.</summary>
    public Instant Since;

    /// <summary>When it was last loud enough to be speech.</summary>
    public Instant LoudAt;

    /// <summary>0 to 127, smoothed over some packets.</summary>
    public double Loudness;
}
