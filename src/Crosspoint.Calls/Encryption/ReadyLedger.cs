using Crosspoint.Primitives;

namespace Crosspoint.Calls.Encryption;

/// <summary>Which epoch senders use, when they switch to the current one, and how long frames of earlier ones are taken.</summary>
/// <remarks>
/// The room's actor owns it. Who is ready stands with the members; here stands what follows from it.
/// A switch that is due is never put off by the next commit, so that joins one after the other do not hold it up.
/// </remarks>
internal sealed class ReadyLedger
{
    // Key ids name epochs by their last byte: further back one could not tell them apart.
    private const int MaxWindow = 128;

    // state
    private readonly Queue<(ulong MlsEpoch, Instant EndsAt)> _overlaps = new();
    private ulong _oldest;

    /// <summary>When senders switch to the current epoch at the latest; never when they have.</summary>
    internal Instant Deadline { get; private set; } = Instant.Never;

    internal bool IsActive => Deadline.IsNever;

    /// <summary>Whether what waits for the switch takes somebody out.</summary>
    internal bool HasRemoval { get; private set; }

    /// <summary>Whether somebody came in with what waits for the switch.</summary>
    internal bool HasJoiner { get; private set; }

    /// <summary>The oldest epoch of the group whose frames are taken.</summary>
    internal ulong Oldest => _oldest;

    internal Instant NextOverlapEnd => _overlaps.TryPeek(out (ulong, Instant EndsAt) first) ? first.EndsAt : Instant.Never;

    internal void Committed(Instant now, ulong mlsEpoch, TimeSpan activate, bool removes, bool joins)
    {
        Deadline = Instant.Min(now + activate, Deadline);
        HasRemoval |= removes;
        HasJoiner |= joins;
        if (mlsEpoch == 0)
        {
            _overlaps.Clear();
            _oldest = 0;
        }
        else if (mlsEpoch - _oldest > MaxWindow)
        {
            _oldest = mlsEpoch - MaxWindow;
        }
    }

    /// <summary>Senders switch now.</summary>
    internal void Activated(Instant now, ulong mlsEpoch, TimeSpan overlap)
    {
        Deadline = Instant.Never;
        Instant end = now + overlap;
        if (HasRemoval)
        {
            // What was to be taken longer ends with it: the removed member has those keys too.
            int count = _overlaps.Count;
            for (int index = 0; index < count; index++)
            {
                (ulong epoch, Instant endsAt) = _overlaps.Dequeue();
                _overlaps.Enqueue((epoch, Instant.Min(endsAt, end)));
            }
        }

        _overlaps.Enqueue((mlsEpoch, end));
        HasRemoval = HasJoiner = false;
    }

    /// <summary>Ends what is due; true when fewer epochs are taken than before.</summary>
    internal bool EndOverlaps(Instant now)
    {
        ulong before = _oldest;
        while (_overlaps.TryPeek(out (ulong MlsEpoch, Instant EndsAt) first) && first.EndsAt <= now)
        {
            _oldest = Math.Max(_oldest, first.MlsEpoch);
            _overlaps.Dequeue();
        }

        return _oldest != before;
    }

    internal void Restore(ulong mlsEpoch)
    {
        Clear();
        _oldest = mlsEpoch;
    }

    internal void Clear()
    {
        _overlaps.Clear();
        _oldest = 0;
        Deadline = Instant.Never;
        HasRemoval = HasJoiner = false;
    }
}
