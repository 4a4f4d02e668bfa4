namespace Crosspoint.Contracts.Calls;

/// <summary>Why a payload was refused.</summary>
/// <param name="Field">Where, as a JSON path from <c>$</c>.</param>
/// <param name="Message">What is wrong, without the offending value.</param>
public sealed record PayloadProblem(string Field, string Message)
{
    /// <summary>As an error for the ACK.</summary>
    public AckError ToError() => AckError.Of(ErrorCodes.ValidationFailed, $"{Field}: {Message}", new ErrorDetails { Field = Field });
}
