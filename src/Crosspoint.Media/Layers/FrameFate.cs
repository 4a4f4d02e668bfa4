namespace Crosspoint.Media.Layers;

/// <summary>What became of a frame on its way to a consumer.</summary>
internal enum FrameFate : byte
{
    /// <summary>None of its packets has come.</summary>
    Undecided,

    /// <summary>All of its packets are sent.</summary>
    Kept,

    /// <summary>None of its packets is.</summary>
    Dropped,

    /// <summary>It lies too far back to know.</summary>
    Forgotten,
}
