namespace Crosspoint.Media.Encryption;

/// <summary>The epochs whose frames a room takes, by the last byte of the group's epoch, as key ids have it.</summary>
/// <param name="Current">Under which everybody is to send.</param>
/// <param name="Previous">The one before, while the two overlap; null afterwards.</param>
public readonly record struct FrameEpochs(byte Current, byte? Previous)
{
    /// <summary>Whether a frame of this epoch may pass.</summary>
    public bool Admits(byte epoch) => epoch == Current || epoch == Previous;
}
