namespace Crosspoint.Media.Layers;

/// <summary>Whether a consumer is sent a packet, and if not, why.</summary>
internal enum FrameVerdict : byte
{
    /// <summary>It is.</summary>
    Keep,

    /// <summary>Its frame is of a layer that is not sent.</summary>
    OtherLayer,

    /// <summary>Its frame refers to one that was not sent.</summary>
    MissingReference,

    /// <summary>Its frame is so old that it is not known whether the rest of it was sent.</summary>
    TooOld,
}
