namespace Crosspoint.Contracts.Calls;

/// <summary>How large the MLS parts of messages may be, in characters of base64url without padding.</summary>
public static class MlsLimits
{
    /// <summary>A commit: 64 KiB.</summary>
    public const int CommitCharacters = 87_382;

    /// <summary>A GroupInfo with its ratchet tree: 256 KiB.</summary>
    public const int GroupInfoCharacters = 349_526;

    /// <summary>An epoch tag: 16 bytes.</summary>
    public const int TagCharacters = 22;

    /// <summary>Most devices a list may name.</summary>
    public const int Devices = 1024;
}
