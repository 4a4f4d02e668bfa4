namespace Crosspoint.Contracts.Calls;

/// <summary>What a consumer is sent of a video changed. Sent to the connection that consumes.</summary>
public sealed record LayersChangedPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>The consumer.</summary>
    public required string ConsumerId { get; init; }

    /// <summary>What it consumes.</summary>
    public required string ProducerId { get; init; }

    /// <summary>What is sent now; absent while nothing is.</summary>
    public VideoLayers? CurrentLayers { get; init; }

    /// <summary>What will be sent as soon as the video can be entered there (at a key frame, for most); absent when nothing may be.</summary>
    public VideoLayers? TargetLayers { get; init; }
}
