namespace Crosspoint.Contracts.Calls;

/// <summary>Every <c>error.code</c>. <see cref="ErrorCatalogue"/> says what each means.</summary>
public static class ErrorCodes
{
    /// <summary>The frame or its payload is not what the protocol says.</summary>
    public const string ValidationFailed = "VALIDATION_FAILED";

    /// <summary>The sequence number is not higher than the last one.</summary>
    public const string ReplayDetected = "REPLAY_DETECTED";

    /// <summary>AUTH is needed first (retryable), or was refused (not retryable: pass false yourself).</summary>
    public const string Unauthenticated = "UNAUTHENTICATED";

    /// <summary>Not a member of the room, not the owner, or the join token does not admit this user.</summary>
    public const string Unauthorized = "UNAUTHORIZED";

    /// <summary>The client lacks an encryption capability this server demands.</summary>
    public const string UnsupportedE2ee = "UNSUPPORTED_E2EE";

    /// <summary>E2EE_READY or a REKEY named another epoch than the one due.</summary>
    public const string E2eeEpochMismatch = "E2EE_EPOCH_MISMATCH";

    /// <summary>Media is refused until E2EE_READY names the current epoch.</summary>
    public const string E2eeNotReady = "E2EE_NOT_READY";

    /// <summary>A commit for an epoch that somebody else's commit has made already.</summary>
    public const string E2eeStaleEpoch = "E2EE_STALE_EPOCH";

    /// <summary>A commit without the right to it: no lease, another's, or one that ran out.</summary>
    public const string E2eeLeaseInvalid = "E2EE_LEASE_INVALID";

    /// <summary>A commit that does not do what its lease says, or is not one.</summary>
    public const string E2eeBadCommit = "E2EE_BAD_COMMIT";

    /// <summary>E2EE_READY with another tag than the committer's.</summary>
    public const string E2eeTagMismatch = "E2EE_TAG_MISMATCH";

    /// <summary>The device was put out of the room's keys.</summary>
    public const string E2eeEvicted = "E2EE_EVICTED";

    /// <summary>No such room.</summary>
    public const string RoomNotFound = "ROOM_NOT_FOUND";

    /// <summary>The room has as many peers as it may.</summary>
    public const string RoomFull = "ROOM_FULL";

    /// <summary>The node has as many rooms as it may, its media workers are busy, or it is being drained.</summary>
    public const string NodeFull = "NODE_FULL";

    /// <summary>No such transport of this connection.</summary>
    public const string TransportNotFound = "TRANSPORT_NOT_FOUND";

    /// <summary>No such producer in the room.</summary>
    public const string ProducerNotFound = "PRODUCER_NOT_FOUND";

    /// <summary>No such consumer of this connection.</summary>
    public const string ConsumerNotFound = "CONSUMER_NOT_FOUND";

    /// <summary>The given capabilities cannot receive this producer.</summary>
    public const string CannotConsume = "CANNOT_CONSUME";

    /// <summary>The consumer could not be resumed.</summary>
    public const string ConsumerResumeFailed = "CONSUMER_RESUME_FAILED";

    /// <summary>The producer could not be closed.</summary>
    public const string ProducerCloseFailed = "PRODUCER_CLOSE_FAILED";

    /// <summary>ICE could not be restarted.</summary>
    public const string IceRestartFailed = "ICE_RESTART_FAILED";

    /// <summary>The media plane is not up.</summary>
    public const string SfuNotReady = "SFU_NOT_READY";

    /// <summary>Media was cut because it is not encrypted as the room demands.</summary>
    public const string E2eeEnforcementFailed = "E2EE_ENFORCEMENT_FAILED";

    /// <summary>Too many requests of this type.</summary>
    public const string RateLimited = "RATE_LIMITED";

    /// <summary>The key package lacks what a unicast needs.</summary>
    public const string KeyPackageInvalid = "KEY_PACKAGE_INVALID";

    /// <summary>The key package names a device that is not in the room.</summary>
    public const string KeyPackageTargetNotFound = "KEY_PACKAGE_TARGET_NOT_FOUND";

    /// <summary>The key package names a device that is in the room but has no socket just now.</summary>
    public const string KeyPackageTargetOffline = "KEY_PACKAGE_TARGET_OFFLINE";

    /// <summary>The KEY_ACK names another sender than the one it came from.</summary>
    public const string KeyAckInvalid = "KEY_ACK_INVALID";

    /// <summary>The server failed; nothing was done.</summary>
    public const string InternalError = "INTERNAL_ERROR";
}
