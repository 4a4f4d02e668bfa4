namespace Crosspoint.Contracts.Calls;

/// <summary>The member set changed: the leader device should begin a rekey. Sent to everyone.</summary>
public sealed record RekeyRequiredPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary><c>member_join</c> or <c>member_leave</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The epoch the rekey goes to.</summary>
    public required long Epoch { get; init; }

    /// <summary>The device that should begin it.</summary>
    public required string LeaderDeviceId { get; init; }

    /// <summary>The member set it is for.</summary>
    public required long MemberSetVersion { get; init; }
}
