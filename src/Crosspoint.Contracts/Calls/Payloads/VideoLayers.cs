using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Layers of a video: an encoding of simulcast or a spatial layer of SVC, and a temporal layer of it. Both count from 0, the smallest.</summary>
public sealed record VideoLayers
{
    /// <summary>The encoding or spatial layer: 0 is the smallest picture.</summary>
    [Range(0, 7)]
    public required int SpatialLayer { get; init; }

    /// <summary>The temporal layer: 0 is the lowest frame rate; absent means all of them.</summary>
    [Range(0, 7)]
    public int? TemporalLayer { get; init; }
}
