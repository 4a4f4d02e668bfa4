namespace Crosspoint.Media.Layers;

/// <summary>What a packet is in the frames of its stream.</summary>
[Flags]
internal enum FrameFlags : ushort
{
    /// <summary>Nothing in particular.</summary>
    None = 0,

    /// <summary>The first packet of a keyframe: who begins here can decode all that follows.</summary>
    KeyFrame = 1,

    /// <summary>The last packet of a frame of one spatial layer.</summary>
    EndOfFrame = 2,

    /// <summary>No packet of its picture, nor of a later one, came before.</summary>
    BeginsPicture = 4,

    /// <summary><see cref="FrameFacts.Frame"/> says which frame it belongs to. Without it, packets can only be judged one by one.</summary>
    Numbered = 8,

    /// <summary>It is not told what frames refer to: one may go up by one temporal layer at a time only, each at its own frame.</summary>
    Stepwise = 16,

    /// <summary>It has layer ids: there may be other layers, though none has been seen.</summary>
    Layered = 64,

    /// <summary><see cref="FrameFacts.Switch"/> tells of larger pictures too, and not of higher rates only.</summary>
    TellsSpatial = 128,

    /// <summary>It could not be read, contradicts itself, or is of no use to anybody: who is sent a choice of layers is not sent this.</summary>
    Refused = 32,

    /// <summary>The first packet of a frame of one spatial layer, as its dependency descriptor says.</summary>
    BeginsFrame = 256,

    /// <summary>It brings the template structure of its dependency descriptors.</summary>
    Structure = 512,

    /// <summary>It needs frames of the lowest temporal layer only, though its descriptor does not say so.</summary>
    BaseOnly = 1024,
}

internal static class FrameFlagsExtensions
{
    /// <summary>The flag, or none.</summary>
    public static FrameFlags When(this FrameFlags flag, bool condition) => condition ? flag : FrameFlags.None;
}
