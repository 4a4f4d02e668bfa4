using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Encryption;

/// <summary>What became of a device's message: done, or the error it is refused with.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>; null when done.</param>
/// <param name="ExpectedEpoch">The epoch due.</param>
/// <param name="Check">The check a commit failed.</param>
/// <param name="RetryAfter">When to try again.</param>
public readonly record struct Verdict(string? Code, long? ExpectedEpoch = null, CommitFault Check = CommitFault.None, TimeSpan? RetryAfter = null)
{
    /// <summary>It was done.</summary>
    public static Verdict Done => default;

    /// <summary>Whether it was done.</summary>
    public bool IsDone => Code is null;
}

/// <summary>What is wrong with a commit. The names, as words, are on the wire and labels of metrics; the number is that of the check in docs/protocol/e2ee.md.</summary>
public enum CommitFault
{
    None,

    /// <summary>S1: too large.</summary>
    S1Size,

    /// <summary>S4: no MLS commit that can be read.</summary>
    S4Unreadable,

    /// <summary>S4: another group.</summary>
    S4Group,

    /// <summary>S4: another epoch of the group.</summary>
    S4Epoch,

    /// <summary>S4: a commit where there can be none, or none where there must be one.</summary>
    S4Presence,

    /// <summary>S5: sent by another leaf, or from outside without the right to, or the other way round.</summary>
    S5Sender,

    /// <summary>S5: a proposal that is not allowed here.</summary>
    S5Proposal,

    /// <summary>S5: removes others than announced.</summary>
    S5Removes,

    /// <summary>S5: brings no new keys.</summary>
    S5Path,

    /// <summary>S6: no GroupInfo that can be read.</summary>
    S6Unreadable,

    /// <summary>S6: of another group.</summary>
    S6Group,

    /// <summary>S6: of another epoch than the commit leads to.</summary>
    S6Epoch,

    /// <summary>S6: another cipher suite.</summary>
    S6Suite,

    /// <summary>S6: nobody could join by it.</summary>
    S6ExternalPub,

    /// <summary>S6: signed by another leaf than the committer's.</summary>
    S6Signer,

    /// <summary>S6: a tree with others in it than the commit leaves.</summary>
    S6Tree,

    /// <summary>S6: a leaf with another key or identity than its device's.</summary>
    S6Identity,

    /// <summary>S7: no tag.</summary>
    S7Tag,
}
