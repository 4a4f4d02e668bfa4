namespace Crosspoint.Media.Layers;

/// <summary>What is to be done with a packet that an <see cref="OutputMap"/> has placed.</summary>
internal enum Placement : byte
{
    /// <summary>It has a number.</summary>
    Send,

    /// <summary>It has none, and nobody will miss it.</summary>
    LeaveOut,

    /// <summary>A number was kept free for it in vain: an empty packet goes there.</summary>
    Fill,

    /// <summary>It is from before the beginning, or older than is remembered.</summary>
    TooLate,
}
