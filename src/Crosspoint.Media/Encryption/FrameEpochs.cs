namespace Crosspoint.Media.Encryption;

/// <summary>The epochs whose frames a room takes, by the last byte of the group's epoch, as key ids have it.</summary>
/// <param name="Current">Under which everybody is to send.</param>
/// <param name="Oldest">The oldest that still passes, with all that came since: mostly the one before, more when members come one after the other. Null when the overlap is over.</param>
public readonly record struct FrameEpochs(byte Current, byte? Oldest)
{
    // Half the circle: a frame of an epoch to come must not look like an old one.
    private const ulong MostOverlapping = 127;

    /// <summary>From the group's own epochs; the same twice when the overlap is over.</summary>
    public static FrameEpochs Of(ulong current, ulong oldest)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldest, current);
        ulong back = Math.Min(current - oldest, MostOverlapping);
        return new((byte)current, back == 0 ? null : (byte)(current - back));
    }

    /// <summary>Whether a frame of this epoch may pass.</summary>
    public bool Admits(byte epoch) => (byte)(Current - epoch) <= (byte)(Current - (Oldest ?? Current));
}
