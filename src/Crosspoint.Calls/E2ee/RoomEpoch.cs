using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.E2ee;

/// <summary>The key epoch of a room and the one rekey that may be under way. Numbers only: this is profile epoch-v1.</summary>
/// <remarks>
/// The room's mailbox owns it. Readiness is the epoch a device declared, compared with the current one, so a commit makes
/// everybody unready without touching anybody: a stale readiness cannot be left behind.
/// <code>
///           begin(current+1)                commit(current+1) by the same device
///  Settled ────────────────▶ Rekeying ───────────────────────────────────▶ Settled, epoch+1
///     ▲  commit(current+1)      │ deadline, or the device left
///     └────────┘ epoch+1        └──────────▶ Settled, same epoch (REKEY_ABORT)
/// </code>
/// </remarks>
public sealed class RoomEpoch(bool required)
{
    /// <summary>The profile's name on the wire.</summary>
    public const string Profile = "epoch-v1";

    /// <summary>Whether media waits for readiness.</summary>
    public bool IsRequired { get; } = required;

    /// <summary>The current epoch; only ever grows, by one.</summary>
    public long Current { get; private set; }

    /// <summary>The rekey under way, or null.</summary>
    public RekeyInFlight? InFlight { get; private set; }

    /// <summary>Whether media verbs of a device that declared this epoch are accepted.</summary>
    public bool Admits(long declaredEpoch) => !IsRequired || declaredEpoch == Current;

    /// <summary>Whether a device may declare this epoch.</summary>
    public AckError? CheckReady(long epoch) => epoch == Current ? null : Mismatch("Another epoch is current", Current);

    /// <summary>Starts a rekey towards the next epoch.</summary>
    public AckError? Begin(string deviceId, long epoch)
    {
        if (epoch != Current + 1)
        {
            return Mismatch("A rekey goes to the next epoch", Current + 1);
        }

        if (InFlight is not null)
        {
            return Mismatch("A rekey is under way", Current + 1, "REKEY_IN_PROGRESS");
        }

        InFlight = new(deviceId, epoch);
        return null;
    }

    /// <summary>Moves to the next epoch. While a rekey is under way only the device that began it may.</summary>
    public AckError? Commit(string deviceId, long epoch)
    {
        if (epoch != Current + 1)
        {
            return Mismatch("Epochs go forward by one", Current + 1);
        }

        if (InFlight is { } rekey && rekey.DeviceId != deviceId)
        {
            return Mismatch("Another device's rekey is under way", Current + 1, "REKEY_IN_PROGRESS");
        }

        InFlight = null;
        Current = epoch;
        return null;
    }

    /// <summary>Gives the rekey up; what was given up, or null when none was under way.</summary>
    public RekeyInFlight? Abort()
    {
        RekeyInFlight? given = InFlight;
        InFlight = null;
        return given;
    }

    /// <summary>The refusal of a media verb.</summary>
    public AckError NotReady() => AckError.Of(ErrorCodes.E2eeNotReady, "E2EE_READY for the current epoch is needed first", new() { ExpectedEpoch = Current });

    private static AckError Mismatch(string message, long expected, string? reason = null) =>
        AckError.Of(ErrorCodes.E2eeEpochMismatch, message, new() { ExpectedEpoch = expected, Reason = reason });
}

/// <summary>A rekey that was begun and not committed.</summary>
public sealed record RekeyInFlight(string DeviceId, long Epoch);
