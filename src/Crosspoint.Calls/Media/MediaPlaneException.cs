namespace Crosspoint.Calls.Media;

/// <summary>The media plane refused; the code goes to the client as it is.</summary>
public sealed class MediaPlaneException(string code, string message, bool retryable = false) : Exception(message)
{
    /// <summary>A code of the contract: TRANSPORT_NOT_FOUND, PRODUCER_NOT_FOUND, CONSUMER_NOT_FOUND, VALIDATION_FAILED, CANNOT_CONSUME, SFU_NOT_READY …</summary>
    public string Code { get; } = code;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsRetryable { get; } = retryable;

    /// <summary>When, if that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
