using Crosspoint.Rtc;

namespace Crosspoint.Media.Layers;

/// <summary>How a packet was sent, so that it can be sent again to the bit.</summary>
/// <param name="Input">The producer's number.</param>
/// <param name="PictureId">The picture id it got.</param>
/// <param name="Tl0">The TL0PICIDX it got.</param>
/// <param name="Epoch">The <see cref="OutputEpoch"/> it was sent in.</param>
/// <param name="Flags">What else was done with it.</param>
/// <param name="Told">The layer whose decode targets it told of, as <see cref="LayerMask.IndexOf"/> and one; 0 when it told of none.</param>
internal readonly record struct SentPacket(SequenceNumber Input, ushort PictureId, byte Tl0, byte Epoch, SentFlags Flags, byte Told = 0)
{
    /// <summary>False for a number under which nothing was sent.</summary>
    public bool IsSent => Has(SentFlags.Sent);

    /// <summary>True when its payload descriptor was sent with something else in it.</summary>
    public bool IsRewritten => Has(SentFlags.Renumbered | SentFlags.BaseOnly);

    /// <summary>Whether something was done with it; of several, any.</summary>
    public bool Has(SentFlags flag) => (Flags & flag) != SentFlags.None;
}

/// <summary>What was done with a packet.</summary>
[Flags]
internal enum SentFlags : byte
{
    /// <summary>Nothing; it was not even sent.</summary>
    None = 0,

    /// <summary>It was sent.</summary>
    Sent = 1,

    /// <summary>With the marker bit.</summary>
    Marker = 2,

    /// <summary>Without its payload.</summary>
    Empty = 4,

    /// <summary>With other running numbers in its payload descriptor.</summary>
    Renumbered = 8,

    /// <summary>Told in its payload descriptor to need the lowest temporal layer only.</summary>
    BaseOnly = 16,
}

internal static class SentFlagsExtensions
{
    /// <summary>The flag, or none.</summary>
    public static SentFlags When(this SentFlags flag, bool condition) => condition ? flag : SentFlags.None;
}
