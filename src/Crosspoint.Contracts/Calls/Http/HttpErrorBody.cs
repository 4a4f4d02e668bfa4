namespace Crosspoint.Contracts.Calls;

/// <summary>The body of an HTTP error.</summary>
public sealed record HttpErrorBody
{
    /// <summary>An enumerated word, such as <c>not_found</c>.</summary>
    public required string Error { get; init; }
}
