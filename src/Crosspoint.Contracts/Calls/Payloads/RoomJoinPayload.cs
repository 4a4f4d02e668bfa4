using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Enters a room. Answered by ROOM_JOIN_OK, E2EE_POLICY and ROOM_SNAPSHOT; the others get PEER_JOINED.</summary>
public sealed record RoomJoinPayload
{
    /// <summary>The room.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string RoomId { get; init; }

    /// <summary>The call.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? CallId { get; init; }

    /// <summary>Must be the device bound at AUTH when given.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? DeviceId { get; init; }

    /// <summary>What the person wants to be called; shown to the others. One line of text.</summary>
    [StringLength(64, MinimumLength = 1)]
    [PlainText]
    public string? DisplayName { get; init; }

    /// <summary>The region the caller would like.</summary>
    [StringLength(32)]
    public string? PreferredRegion { get; init; }

    /// <summary>From ROOM_CREATED of whoever made the room. Secret.</summary>
    [StringLength(4096)]
    public string? JoinToken { get; init; }

    /// <summary>Round-trip times the client measured; ignored.</summary>
    public ClientRttProbe? ClientRttProbe { get; init; }

    /// <summary>What the client still knows of the room's keys; ignored by profile <c>epoch-v1</c>.</summary>
    public E2eeClientState? E2eeState { get; init; }

    /// <summary>Keeps the token out of logs.</summary>
    public override string ToString() => $"RoomJoinPayload {RoomId}";
}
