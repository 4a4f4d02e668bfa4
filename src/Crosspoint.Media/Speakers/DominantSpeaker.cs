using Crosspoint.Primitives;

namespace Crosspoint.Media.Speakers;

/// <summary>
/// Who the room looks at: the loudest speaker, but only when he has been that for a while, and until somebody else is, through all silence.
/// A cough or a word of agreement changes nothing.
/// </summary>
/// <remarks>One owner: the router's thread. A value.</remarks>
internal struct DominantSpeaker
{
    private Producer? _candidate;
    private Instant _since;

    /// <summary>Who it is; null before anybody spoke.</summary>
    public Producer? Current { get; private set; }

    /// <summary>Takes who is loudest now; true when somebody else is dominant from now on.</summary>
    /// <param name="now">The present.</param>
    /// <param name="loudest">The first of those who speak; null in silence.</param>
    /// <param name="patience">How long he must be the first while the other still speaks. In silence of the other a third of it is enough.</param>
    public bool Update(Instant now, Producer? loudest, TimeSpan patience)
    {
        if (loudest is null || loudest == Current)
        {
            _candidate = null;
            return false;
        }

        if (_candidate != loudest)
        {
            (_candidate, _since) = (loudest, now);
        }

        TimeSpan needed = Current is null ? TimeSpan.Zero : Current.Level.IsSpeaking ? patience : patience / 3;
        if (now - _since < needed)
        {
            return false;
        }

        (Current, _candidate) = (loudest, null);
        return true;
    }

    /// <summary>A track is no more.</summary>
    public void Forget(Producer producer)
    {
        Current = Current == producer ? null : Current;
        _candidate = _candidate == producer ? null : _candidate;
    }
}
