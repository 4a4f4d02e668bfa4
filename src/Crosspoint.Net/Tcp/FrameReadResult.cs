namespace Crosspoint.Net.Tcp;

/// <summary>What <see cref="FrameReader.Read"/> found.</summary>
public enum FrameReadResult
{
    /// <summary>The input is used up inside, or in front of, a frame.</summary>
    NeedMore,

    /// <summary>One frame; an empty one is legal and means nothing (RFC 4571 §2).</summary>
    Frame,

    /// <summary>The frame is longer than allowed. The stream is lost; every further call says the same.</summary>
    TooLong,
}
