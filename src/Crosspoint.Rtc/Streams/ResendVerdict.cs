namespace Crosspoint.Rtc.Streams;

/// <summary>What became of a request to send a packet again. The names are metric labels.</summary>
public enum ResendVerdict : byte
{
    /// <summary>It is ready to be sent.</summary>
    Resent,

    /// <summary>It is not, or no longer, kept.</summary>
    NotFound,

    /// <summary>A copy is under way.</summary>
    Throttled,

    /// <summary>The caller's span is too short for the header.</summary>
    NoRoom,
}
