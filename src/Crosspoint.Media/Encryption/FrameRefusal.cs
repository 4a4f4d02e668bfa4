namespace Crosspoint.Media.Encryption;

/// <summary>What was wrong with a frame of a room in which frames are encrypted. The names are metric labels.</summary>
public enum FrameRefusal : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It does not begin with an SFrame header in its minimal form: plaintext, most likely.</summary>
    Malformed,

    /// <summary>Another sender's leaf, or the producer has none.</summary>
    Leaf,

    /// <summary>Of another kind than the producer: a camera in the place of a screen.</summary>
    Kind,

    /// <summary>Of an epoch that has passed, or has not come.</summary>
    Epoch,

    /// <summary>Of a codec whose frames cannot be looked at: anything but Opus, VP8 and VP9, and Opus with redundancy.</summary>
    Codec,
}
