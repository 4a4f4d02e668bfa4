namespace Crosspoint.Calls.Mls;

/// <summary>What a message may have at most, whoever sent it.</summary>
public static class MlsLimits
{
    /// <summary>Bytes of a commit: adding 199 members at once takes 65,000 (docs/protocol/e2ee.md).</summary>
    public const int MaxCommitBytes = 64 << 10;

    /// <summary>Bytes of a GroupInfo: 200 members take 45,000.</summary>
    public const int MaxGroupInfoBytes = 256 << 10;

    /// <summary>Proposals of a commit.</summary>
    public const int MaxProposals = 64;

    /// <summary>Leaves of a tree: as many as the SFrame key id has room for.</summary>
    public const int MaxLeaves = 1024;
}
