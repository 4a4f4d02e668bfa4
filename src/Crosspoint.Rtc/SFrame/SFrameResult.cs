namespace Crosspoint.Rtc.SFrame;

/// <summary>What became of a frame.</summary>
public enum SFrameResult
{
    Ok,

    /// <summary>The header does not read, or not minimally.</summary>
    MalformedHeader,

    /// <summary>Encrypted under another key id.</summary>
    OtherKey,

    /// <summary>Too short for a header and a tag.</summary>
    TooShort,

    /// <summary>The tag does not match: another key, or a changed frame.</summary>
    NotAuthentic,
}
