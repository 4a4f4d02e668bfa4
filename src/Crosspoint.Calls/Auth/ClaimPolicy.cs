using System.Text.Json;

namespace Crosspoint.Calls.Auth;

/// <summary>What the claims of a token whose signature is good must say (RFC 7519 §4.1).</summary>
public sealed record ClaimPolicy
{
    private const int MaxUserIdLength = 128;

    /// <summary>Required iss, or null for any.</summary>
    public string? Issuer { get; init; }

    /// <summary>Required member of aud, or null for any.</summary>
    public string? Audience { get; init; }

    /// <summary>Tolerated clock difference.</summary>
    public TimeSpan Leeway { get; init; }

    /// <summary>Judges a payload.</summary>
    public AccessTokenResult Judge(ReadOnlyMemory<byte> payload, DateTimeOffset now)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload, Jws.Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Judge(document.RootElement, now) : AccessTokenResult.Refuse(TokenRefusal.Malformed);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return AccessTokenResult.Refuse(TokenRefusal.Malformed);
        }
    }

    private AccessTokenResult Judge(JsonElement claims, DateTimeOffset now)
    {
        // A token without an end would be good for ever: exp is required here although RFC 7519 leaves it optional.
        if (!TryReadTime(claims, "exp", out DateTimeOffset expires) || now >= expires + Leeway)
        {
            return AccessTokenResult.Refuse(TokenRefusal.Expired);
        }

        if (claims.TryGetProperty("nbf", out _) && (!TryReadTime(claims, "nbf", out DateTimeOffset notBefore) || now + Leeway < notBefore))
        {
            return AccessTokenResult.Refuse(TokenRefusal.NotYetValid);
        }

        if (Issuer is not null && Text(claims, "iss") != Issuer)
        {
            return AccessTokenResult.Refuse(TokenRefusal.WrongIssuer);
        }

        if (Audience is not null && !NamesAudience(claims, Audience))
        {
            return AccessTokenResult.Refuse(TokenRefusal.WrongAudience);
        }

        return Text(claims, "sub") is { Length: > 0 and <= MaxUserIdLength } subject
            ? AccessTokenResult.Accept(subject, expires)
            : AccessTokenResult.Refuse(TokenRefusal.NoSubject);
    }

    private static bool NamesAudience(JsonElement claims, string audience) =>
        claims.TryGetProperty("aud", out JsonElement aud) && aud.ValueKind switch
        {
            JsonValueKind.String => aud.GetString() == audience,
            JsonValueKind.Array => aud.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.GetString() == audience),
            _ => false,
        };

    private static bool TryReadTime(JsonElement claims, string name, out DateTimeOffset time)
    {
        time = default;
        if (!claims.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.Number
            || !value.TryGetDouble(out double seconds) || seconds is < 0 or > 253_402_300_000)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
        return true;
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
