namespace Crosspoint.Rtc.SFrame;

/// <summary>What the frames of a context are: told in the key id, so that nobody can pass a camera off as a screen.</summary>
public enum SFrameKind : byte
{
    Audio = 0,
    Camera = 1,
    Screen = 2,

    /// <summary>A screen's sound, and data.</summary>
    ScreenAudio = 3,
}

/// <summary>A key id as profile mls-sframe-v1 lays it out (RFC 9605 §5.2 with E = 8, S = 10).</summary>
/// <remarks>
/// <code>
/// | context: instance · 4 + kind | leaf, 10 bits | epoch, 8 bits |
/// </code>
/// </remarks>
/// <param name="Value">KID on the wire.</param>
public readonly record struct SFrameKeyId(ulong Value)
{
    /// <summary>E: bits of the epoch.</summary>
    public const int EpochBits = 8;

    /// <summary>S: bits of the sender's leaf.</summary>
    public const int LeafBits = 10;

    /// <summary>Leaves that have a key id.</summary>
    public const int MaxLeaves = 1 << LeafBits;

    public SFrameKeyId(ulong instance, SFrameKind kind, int leaf, byte epoch)
        : this((((instance << 2) | (byte)kind) << (LeafBits + EpochBits)) | ((ulong)leaf << EpochBits) | epoch)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, MaxLeaves);
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
    }

    /// <summary>The last byte of the group's epoch.</summary>
    public byte Epoch => (byte)Value;

    /// <summary>The sender in the group's tree.</summary>
    public int Leaf => (int)(Value >> EpochBits) & (MaxLeaves - 1);

    /// <summary>What is sent.</summary>
    public SFrameKind Kind => (SFrameKind)((Value >> (LeafBits + EpochBits)) & 3);

    /// <summary>A running number of the sender's transforms, so that a counter never begins anew under one key.</summary>
    public ulong Instance => Value >> (LeafBits + EpochBits + 2);
}
