using System.Text.Json;

namespace Crosspoint.Calls.Auth;

/// <summary>The public keys of an issuer (RFC 7517). Shared secrets in a fetched set are ignored: they have no business there.</summary>
public static class JsonWebKeySet
{
    private const int MaxKeys = 64;

    /// <summary>The usable keys; empty when the document is not a key set.</summary>
    public static IReadOnlyList<JwsKey> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Jws.Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("keys", out JsonElement keys) && keys.ValueKind == JsonValueKind.Array
                ? [.. keys.EnumerateArray().Take(MaxKeys).Select(ParseKey).OfType<JwsKey>()]
                : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static JwsKey? ParseKey(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || Text(key, "use") is not (null or "sig"))
        {
            return null;
        }

        return (Text(key, "kty"), Text(key, "alg")) switch
        {
            ("RSA", null or "RS256") when Bytes(key, "n") is { } n && Bytes(key, "e") is { } e => JwsKey.Rs256(n, e, Text(key, "kid")),
            ("EC", null or "ES256") when Text(key, "crv") == "P-256" && Bytes(key, "x") is { Length: 32 } x && Bytes(key, "y") is { Length: 32 } y => JwsKey.Es256(x, y, Text(key, "kid")),
            _ => null,
        };
    }

    private static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement key, string name) =>
        Text(key, name) is { } text && Jws.TryDecode(text, out byte[] bytes) ? bytes : null;
}
