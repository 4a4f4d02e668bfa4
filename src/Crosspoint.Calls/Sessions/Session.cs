using Crosspoint.Calls.E2ee;
using Crosspoint.Calls.Limits;
using Crosspoint.Calls.Rooms;
using Crosspoint.Calls.Tokens;

namespace Crosspoint.Calls.Sessions;

/// <summary>A device of a user, for as long as it is here: it outlives its socket by the grace period.</summary>
/// <remarks>
/// <see cref="SessionDirectory"/> owns the link to the socket and the resume token, under its lock. The read loop of the linked
/// connection owns capabilities, duplicates and rates. The room's mailbox owns what the device is inside the room (<see cref="Peer"/>).
/// <code>
///            socket broke                 grace over, or 1001
///  Attached ─────────────▶ Detached ───────────────────────▶ Ended
///     ▲                       │ HELLO.resume
///     └───────────────────────┘
///  Attached ── same device authenticates anew ─────────────▶ Ended
/// </code>
/// </remarks>
public sealed class Session(string userId, string deviceId, RateRule[] rates, TimeProvider time)
{
    private long _tokenExpiresAt = long.MaxValue;

    /// <summary>Whose.</summary>
    public string UserId { get; } = userId;

    /// <summary>Which device of theirs.</summary>
    public string DeviceId { get; } = deviceId;

    /// <summary>This session's own id.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    // --- under the directory's lock ---

    internal Connection? Connection { get; set; }

    internal ResumeTokenHash? Resume { get; set; }

    internal ITimer? GraceTimer { get; set; }

    internal bool HasEnded { get; set; }

    // --- the read loop's ---

    internal RateCounter DeviceRates { get; } = new(rates, time);

    internal DuplicateWindow Seen { get; set; } = new();

    internal E2eeAbilities Abilities { get; set; }

    /// <summary>End of the access token, ms since the Unix epoch; <see cref="long.MaxValue"/> when it has none. The sweeper reads it.</summary>
    internal long TokenExpiresAt
    {
        get => Volatile.Read(ref _tokenExpiresAt);
        set => Volatile.Write(ref _tokenExpiresAt, value);
    }

    /// <summary>The stay in a room, or null. Written by the read loop, cleared by the room when it ends the stay.</summary>
    internal volatile Peer? Stay;
}

/// <summary>What a device said it can do.</summary>
public readonly record struct E2eeAbilities(bool InsertableStreams, bool SFrame)
{
    /// <summary>What it is in rooms whose keys the server orders; null when it does not know them.</summary>
    public DeviceKeys? Keys { get; init; }
}
