using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Door;

/// <summary>What a request led to; it becomes the ACK.</summary>
public readonly record struct Outcome(AckError? Error, AckPayload? Payload = null)
{
    /// <summary>Done.</summary>
    public static Outcome Done => default;

    /// <summary>Done, and this is how the room or the thing stands now.</summary>
    public static Outcome State(string? state, long? roomVersion = null) => new(null, new AckPayload { State = state, RoomVersion = roomVersion });

    /// <summary>Refused.</summary>
    public static Outcome Refused(string code, string message, ErrorDetails? details = null) => new(AckError.Of(code, message, details));

    /// <summary>Refused by the media plane, in its words.</summary>
    public static Outcome Refused(MediaPlaneException exception) =>
        new(AckError.Of(exception.Code, exception.Message, DetailsOf(exception)) with { Retryable = exception.IsRetryable || ErrorCatalogue.IsRetryable(exception.Code) });

    private static ErrorDetails? DetailsOf(MediaPlaneException exception) =>
        exception.RetryAfter is { } wait ? new() { RetryAfterMs = (long)wait.TotalMilliseconds } : null;

    /// <summary>An error is a refusal.</summary>
    public static implicit operator Outcome(AckError error) => new(error);

    /// <summary>The named alternative of the conversion.</summary>
    public static Outcome FromAckError(AckError error) => new(error);
}
