namespace Crosspoint.Calls.Encryption;

/// <summary>The last commits of a group, for those who missed them and for repeated ones.</summary>
/// <remarks>The room's actor owns it.</remarks>
internal sealed class CommitLog(int capacity)
{
    // given to me
    private readonly int _capacity = capacity;

    // state
    private readonly List<LoggedCommit> _commits = [];

    internal IReadOnlyList<LoggedCommit> All => _commits;

    internal void Add(LoggedCommit commit)
    {
        if (_commits.Count == _capacity)
        {
            _commits.RemoveAt(0);
        }

        _commits.Add(commit);
    }

    internal void Restore(IEnumerable<LoggedCommit> commits)
    {
        _commits.Clear();
        _commits.AddRange(commits);
    }

    internal void Clear() => _commits.Clear();

    /// <summary>What leads from this epoch to the current one; null when some of it is gone.</summary>
    internal IReadOnlyList<LoggedCommit>? Since(long epoch, long current)
    {
        long missing = current - epoch;
        return missing < 0 || missing > _commits.Count ? null : _commits.GetRange(_commits.Count - (int)missing, (int)missing);
    }

    /// <summary>The same commit of the same device, if it was taken before: a repeated frame gets its first answer.</summary>
    internal LoggedCommit? Find(string device, ReadOnlySpan<byte> commit)
    {
        foreach (LoggedCommit logged in _commits)
        {
            if (logged.Device == device && commit.SequenceEqual(logged.Commit))
            {
                return logged;
            }
        }

        return null;
    }
}
