using System.ComponentModel.DataAnnotations;

namespace Crosspoint.Contracts.Calls;

/// <summary>Proves who the user is. Answered by AUTH_OK; a missing or refused token is UNAUTHENTICATED and not retryable.</summary>
public sealed record AuthPayload
{
    /// <summary>The identity provider's access token, 20 to 8192 characters. Secret.</summary>
    [StringLength(8192)]
    public string? AccessToken { get; init; }

    /// <summary>May name the device when HELLO did not.</summary>
    public ClientInfo? Client { get; init; }

    /// <summary>Keeps the token out of logs.</summary>
    public override string ToString() => "AuthPayload";
}
