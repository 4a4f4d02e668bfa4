using System.Collections.Frozen;

namespace Crosspoint.Contracts.Calls;

/// <summary>What each error code means and whether a retry may help: the one table.</summary>
public static class ErrorCatalogue
{
    /// <summary>All codes, in the order of the documentation.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        new(ErrorCodes.ValidationFailed, false, "The frame or its payload is not what the protocol says; details.field names the field."),
        new(ErrorCodes.ReplayDetected, false, "seq is not higher than the last accepted one, and msgId is new."),
        new(ErrorCodes.Unauthenticated, true, "AUTH is needed first. When AUTH itself is refused the frame says retryable: false."),
        new(ErrorCodes.Unauthorized, false, "Not a member of the room, not the owner of the thing, or the join token does not admit this user."),
        new(ErrorCodes.UnsupportedE2ee, false, "The client lacks an encryption capability that this server or room demands, or would lower the room's profile; details.reason says which."),
        new(ErrorCodes.E2eeEpochMismatch, true, "Another epoch is due; details.expectedEpoch names it."),
        new(ErrorCodes.E2eeNotReady, true, "Media is refused until E2EE_READY names the current epoch; details.expectedEpoch names it."),
        new(ErrorCodes.E2eeStaleEpoch, true, "The epoch of this commit exists already; details.expectedEpoch names the next one. Process it and wait for the next lease."),
        new(ErrorCodes.E2eeLeaseInvalid, true, "There is no such lease, it is another device's, or it ran out; the next REKEY_BEGIN gives one."),
        new(ErrorCodes.E2eeBadCommit, false, "The commit or its GroupInfo is not what the lease asks for; details.check says what."),
        new(ErrorCodes.E2eeTagMismatch, false, "This device has other secrets than the committer for this epoch: it is on a fork and must resync (E2EE_SYNC with epoch 0)."),
        new(ErrorCodes.E2eeEvicted, false, "This device was put out of the room's keys; E2EE_SYNC brings it back, after details.retryAfterMs if that is there."),
        new(ErrorCodes.RoomNotFound, false, "No such room on this node."),
        new(ErrorCodes.RoomFull, false, "The room has as many peers as it may; details.limit says how many."),
        new(ErrorCodes.NodeFull, true, "The node has as many rooms as it may, its media workers are busy, or it is being drained: try another endpoint, or come back after details.retryAfterMs if that is there."),
        new(ErrorCodes.TransportNotFound, false, "This connection has no such transport."),
        new(ErrorCodes.ProducerNotFound, false, "The room has no such producer, or it is not the caller's own where it must be."),
        new(ErrorCodes.ConsumerNotFound, false, "This connection has no such consumer."),
        new(ErrorCodes.CannotConsume, false, "The given capabilities cannot receive this producer."),
        new(ErrorCodes.ConsumerResumeFailed, true, "The consumer could not be resumed."),
        new(ErrorCodes.ProducerCloseFailed, true, "The producer could not be closed."),
        new(ErrorCodes.IceRestartFailed, true, "ICE could not be restarted."),
        new(ErrorCodes.SfuNotReady, true, "The media plane is not up."),
        new(ErrorCodes.E2eeEnforcementFailed, false, "Media was cut because it is not encrypted as the room demands."),
        new(ErrorCodes.RateLimited, true, "Too many requests of this type; details.retryAfterMs says when to come back."),
        new(ErrorCodes.KeyPackageInvalid, false, "The key package lacks what sending it to one device needs."),
        new(ErrorCodes.KeyPackageTargetNotFound, false, "The key package names a device that is not in the room."),
        new(ErrorCodes.KeyPackageTargetOffline, true, "The key package names a device that has no socket just now."),
        new(ErrorCodes.KeyAckInvalid, false, "The KEY_ACK names another sender than the one it came from, or no epoch."),
        new(ErrorCodes.InternalError, true, "The server failed; nothing was done."),
    ];

    private static readonly FrozenDictionary<string, ErrorCode> ByCode = All.ToFrozenDictionary(e => e.Code, StringComparer.Ordinal);

    /// <summary>The row of <paramref name="code"/>, or null.</summary>
    public static ErrorCode? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>Whether a retry may help; false for an unknown code.</summary>
    public static bool IsRetryable(string code) => Find(code) is { Retryable: true };
}
