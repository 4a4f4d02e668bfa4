using Crosspoint.Primitives;

namespace Crosspoint.Calls.Encryption;

/// <summary>Who says that a commit cannot be processed, for as long as it is young.</summary>
/// <remarks>The room's actor owns it.</remarks>
internal sealed class FaultTally(TimeSpan window)
{
    // given to me
    private readonly TimeSpan _window = window;

    // state
    private readonly List<Entry> _young = [];

    internal void Open(Instant now, long epoch, KeyMember committer)
    {
        _young.RemoveAll(entry => entry.ClosesAt <= now);
        _young.Add(new(epoch, committer, now + _window, []));
    }

    /// <summary>One more report; the committer when more than half of the others now say so.</summary>
    internal KeyMember? Report(Instant now, long epoch, string device, int members)
    {
        foreach (Entry entry in _young)
        {
            if (entry.Epoch == epoch && entry.ClosesAt > now && entry.Committer.Device != device)
            {
                entry.Reporters.Add(device);
                return entry.Reporters.Count * 2 > members - 1 ? entry.Committer : null;
            }
        }

        return null;
    }

    internal void Clear() => _young.Clear();

    private sealed record Entry(long Epoch, KeyMember Committer, Instant ClosesAt, HashSet<string> Reporters);
}
