using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Someone who speaks.</summary>
public sealed record ActiveSpeaker
{
    /// <summary>The audio producer.</summary>
    public required string ProducerId { get; init; }

    /// <summary>The device that sends it.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The level, dBov: -127 is silence, 0 the loudest (RFC 6464).</summary>
    [Range(-127, 0)]
    public required int LevelDbov { get; init; }
}
