namespace Crosspoint.Calls.Auth;

/// <summary>Says who an access token belongs to. Any thread.</summary>
public interface IAccessTokenVerifier
{
    /// <summary>Checks one token. Never throws for a bad token or a provider that does not answer; those are results.</summary>
    ValueTask<AccessTokenResult> VerifyAsync(string accessToken, CancellationToken cancellationToken);
}

/// <summary>What became of an access token.</summary>
public readonly record struct AccessTokenResult
{
    /// <summary>The user, or null when refused.</summary>
    public string? UserId { get; private init; }

    /// <summary>When the token stops being good, or null when it does not say.</summary>
    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>Why it was refused.</summary>
    public TokenRefusal Refusal { get; private init; }

    /// <summary>True when the token is good.</summary>
    public bool IsAccepted => UserId is not null;

    /// <summary>A good token.</summary>
    public static AccessTokenResult Accept(string userId, DateTimeOffset? expiresAt) => new() { UserId = userId, ExpiresAt = expiresAt };

    /// <summary>A bad one.</summary>
    public static AccessTokenResult Refuse(TokenRefusal reason) => new() { Refusal = reason };
}

/// <summary>Why a token was refused; also a metric label. Clients only learn whether trying again can help.</summary>
public enum TokenRefusal
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>Not a compact JWS, or its JSON is not acceptable (duplicate members, wrong types, crit).</summary>
    Malformed,

    /// <summary>Longer than 8192 characters.</summary>
    TooLarge,

    /// <summary>An algorithm that is not accepted here; "none" is never.</summary>
    AlgorithmNotAllowed,

    /// <summary>No key fits.</summary>
    UnknownKey,

    /// <summary>The signature is wrong.</summary>
    BadSignature,

    /// <summary>Past exp, or no exp.</summary>
    Expired,

    /// <summary>Before nbf.</summary>
    NotYetValid,

    /// <summary>Another issuer's.</summary>
    WrongIssuer,

    /// <summary>Meant for somebody else.</summary>
    WrongAudience,

    /// <summary>It names no usable subject.</summary>
    NoSubject,

    /// <summary>The provider said no.</summary>
    Rejected,

    /// <summary>The provider could not be asked; the only reason for which trying again helps.</summary>
    ProviderUnavailable,
}
