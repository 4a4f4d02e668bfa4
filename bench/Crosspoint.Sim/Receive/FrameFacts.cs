using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Receive;

/// <summary>What a receiver reads off one packet of video, by its codec's own rules.</summary>
internal readonly record struct FrameFacts
{
    /// <summary>A frame begins.</summary>
    public bool StartsFrame { get; init; }

    /// <summary>A frame ends.</summary>
    public bool EndsFrame { get; init; }

    /// <summary>The first frame of its picture.</summary>
    public bool StartsPicture { get; init; }

    /// <summary>Nothing earlier is needed.</summary>
    public bool IsKey { get; init; }

    /// <summary>Identity of the frame among those of the stream.</summary>
    public long Frame { get; init; }

    /// <summary>A second identity, for those who refer to it without having seen it; 0 for none.</summary>
    public long Alias { get; init; }

    /// <summary>Identities of the frames it refers to.</summary>
    public References References { get; init; }

    /// <summary>The truth, for the books.</summary>
    public PacketStamp Stamp { get; init; }
}

/// <summary>Up to four frames that one refers to; 0 for none, below 0 for one by its alias.</summary>
internal readonly record struct References(long A = 0, long B = 0, long C = 0, long D = 0);

/// <summary>Reads <see cref="FrameFacts"/> of one stream.</summary>
internal interface IFrameReader
{
    /// <summary>False for a packet that cannot be understood (yet).</summary>
    bool TryRead(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> dependencies, bool marker, out FrameFacts facts);
}
