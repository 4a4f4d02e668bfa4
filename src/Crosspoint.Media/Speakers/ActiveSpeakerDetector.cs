using Crosspoint.Primitives;

namespace Crosspoint.Media.Speakers;

/// <summary>
/// From audio levels (RFC 6464) to an ordered list of who speaks, loudest first, that changes only when it means something:
/// levels are smoothed, speech has a hold time, and nobody overtakes by a hair.
/// </summary>
/// <remarks>One owner: the router's thread. Costs two additions per packet; idle while all are silent.</remarks>
internal sealed class ActiveSpeakerDetector(ActiveSpeakerOptions options)
{
    private readonly List<Producer> _producers = [];
    private readonly List<Producer> _order = [];
    private Producer[] _told = [];
    private int _toldCount;

    /// <summary>When levels are to be judged next; never while all are silent.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>When levels were last judged.</summary>
    public Instant JudgedAt { get; private set; } = Instant.Never;

    /// <summary>The first of those who speak; null in silence.</summary>
    public Producer? Loudest => _order.Count == 0 ? null : _order[0];

    /// <summary>Begins to listen to a producer.</summary>
    public void Add(Producer producer) => _producers.Add(producer);

    /// <summary>Stops listening; the list changes with the next judgement.</summary>
    public void Remove(Instant now, Producer producer)
    {
        if (_producers.Remove(producer))
        {
            Wake(now);
        }
    }

    /// <summary>The producer is muted.</summary>
    public void Silence(Instant now, Producer producer)
    {
        producer.Level.Silence();
        Wake(now);
    }

    /// <summary>Notes the level of a packet, 0 to 127 dB under full scale.</summary>
    public void Report(Instant now, Producer producer, int level)
    {
        producer.Level.Report(level);
        if (NextTimeout.IsNever)
        {
            Wake(now);
        }
    }

    /// <summary>Judges when it is time; true when the list changed.</summary>
    public bool HandleTimeout(Instant now)
    {
        if (now < NextTimeout)
        {
            return false;
        }

        JudgedAt = now;
        bool alive = false;
        foreach (Producer producer in _producers)
        {
            producer.Level.Judge(now, options);
            alive |= producer.Level.IsAlive;
        }

        NextTimeout = alive ? now + options.Interval : Instant.Never;
        Sort();
        return Tell();
    }

    /// <summary>The list as it stands (allocates; for events).</summary>
    public ActiveSpeaker[] Snapshot()
    {
        ActiveSpeaker[] list = new ActiveSpeaker[_toldCount];
        for (int i = 0; i < list.Length; i++)
        {
            list[i] = new ActiveSpeaker(_told[i], (int)Math.Round(_told[i].Level.Loudness) - 127);
        }

        return list;
    }

    private void Wake(Instant now) => NextTimeout = Instant.Min(NextTimeout, now + options.Interval);

    // Those who spoke keep their order unless clearly overtaken; newcomers enter from the end.
    private void Sort()
    {
        for (int i = _order.Count - 1; i >= 0; i--)
        {
            if (!_order[i].Level.IsSpeaking || !_producers.Contains(_order[i]))
            {
                _order.RemoveAt(i);
            }
        }

        foreach (Producer producer in _producers)
        {
            if (producer.Level.IsSpeaking && !_order.Contains(producer))
            {
                _order.Add(producer);
            }
        }

        for (int i = 1; i < _order.Count; i++)
        {
            for (int j = i; j > 0 && _order[j].Level.Loudness > _order[j - 1].Level.Loudness + options.OvertakeBy; j--)
            {
                (_order[j], _order[j - 1]) = (_order[j - 1], _order[j]);
            }
        }
    }

    private bool Tell()
    {
        int count = Math.Min(_order.Count, options.MaxSpeakers);
        bool changed = count != _toldCount;
        for (int i = 0; i < count && !changed; i++)
        {
            changed = _told[i] != _order[i];
        }

        if (changed)
        {
            _told = [.. _order[..count]];
            _toldCount = count;
        }

        return changed;
    }
}
