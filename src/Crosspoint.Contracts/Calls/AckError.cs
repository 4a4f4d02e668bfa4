using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Why a request was refused.</summary>
public sealed record AckError
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Code { get; init; }

    /// <summary>For a developer to read; may change.</summary>
    [StringLength(500, MinimumLength = 1)]
    public required string Message { get; init; }

    /// <summary>Facts a program may use; an empty object when there are none.</summary>
    [AlwaysWritten]
    public ErrorDetails Details { get => field ?? ErrorDetails.None; init; } = ErrorDetails.None;

    /// <summary>Whether the same request may succeed later.</summary>
    public required bool Retryable { get; init; }

    /// <summary>An error of <paramref name="code"/> with the retryable flag of <see cref="ErrorCatalogue"/>.</summary>
    public static AckError Of(string code, string message, ErrorDetails? details = null) => new()
    {
        Code = code,
        Message = message.Length <= 500 ? message : message[..500],
        Details = details ?? ErrorDetails.None,
        Retryable = ErrorCatalogue.IsRetryable(code),
    };
}
