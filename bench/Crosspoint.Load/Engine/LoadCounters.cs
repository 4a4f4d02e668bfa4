namespace Crosspoint.Load.Engine;

/// <summary>What the engine did and saw since it began; a snapshot is a copy.</summary>
internal struct LoadCounters
{
    /// <summary>RTP packets that publishers sent.</summary>
    public long Sent;

    /// <summary>RTP packets that came, duplicates included.</summary>
    public long Received;

    /// <summary>Expected by sequence numbers.</summary>
    public long Expected;

    /// <summary>Missing by sequence numbers.</summary>
    public long Lost;

    /// <summary>Seen twice.</summary>
    public long Duplicates;

    /// <summary>Late but not lost.</summary>
    public long Reordered;

    /// <summary>Decrypted and authentic.</summary>
    public long Verified;

    /// <summary>Decrypted and not authentic: must be 0.</summary>
    public long Refused;

    /// <summary>Announced streams of which nothing came since the engine began.</summary>
    public long SilentStreams;

    /// <summary>Announced streams of which nothing came since the last snapshot.</summary>
    public long IdleStreams;

    /// <summary>Announced streams.</summary>
    public long AnnouncedStreams;

    /// <summary>Streams that nobody announced.</summary>
    public long UnannouncedStreams;

    /// <summary>Packets that the kernel did not take from publishers: the server does not read, or the load is too slow.</summary>
    public long SendFailures;

    /// <summary>The latest a packet left after it was due, in ms, since the last snapshot.</summary>
    public double SendLateMs;
}
