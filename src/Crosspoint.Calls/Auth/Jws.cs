using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Crosspoint.Calls.Auth;

/// <summary>A JWS in compact form, taken apart but not believed (RFC 7515 §3.1, §5.2).</summary>
/// <remarks>
/// <code>
/// BASE64URL(header JSON) '.' BASE64URL(payload) '.' BASE64URL(signature)
/// └────────── signing input, ASCII ──────────┘
/// </code>
/// </remarks>
public sealed class Jws
{
    /// <summary>Longest token looked at, in characters.</summary>
    public const int MaxLength = 8192;

    // Base64Url of the framework skips white space and accepts padding; RFC 7515 §2 has neither.
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    // A second "sub" or "alg" must not decide differently here than elsewhere.
    internal static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private Jws(string algorithm, string? keyId, byte[] signingInput, byte[] payload, byte[] signature)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        SigningInput = signingInput;
        Payload = payload;
        Signature = signature;
    }

    /// <summary>The header's alg, as it stands there.</summary>
    public string Algorithm { get; }

    /// <summary>The header's kid, or null.</summary>
    public string? KeyId { get; }

    /// <summary>The bytes the signature is over.</summary>
    public ReadOnlyMemory<byte> SigningInput { get; }

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Takes a token apart; null with the reason when it is not a compact JWS we would ever accept.</summary>
    public static Jws? Parse(string token, out TokenRefusal refusal)
    {
        refusal = token.Length > MaxLength ? TokenRefusal.TooLarge : TokenRefusal.Malformed;
        int first = token.IndexOf('.', StringComparison.Ordinal);
        int second = first < 0 ? -1 : token.IndexOf('.', first + 1);
        if (token.Length > MaxLength || second < 0
            || !TryDecode(token.AsSpan(0, first), out byte[] header)
            || !TryDecode(token.AsSpan(first + 1, second - first - 1), out byte[] payload)
            || !TryDecode(token.AsSpan(second + 1), out byte[] signature)
            || !TryReadHeader(header, out string algorithm, out string? keyId))
        {
            return null;
        }

        refusal = TokenRefusal.None;
        return new(algorithm, keyId, Encoding.ASCII.GetBytes(token, 0, second), payload, signature);
    }

    private static bool TryReadHeader(byte[] json, out string algorithm, out string? keyId)
    {
        (algorithm, keyId) = ("", null);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            JsonElement header = document.RootElement;
            // RFC 7515 §4.1.11: a critical extension we do not understand makes the JWS invalid; we understand none.
            if (header.ValueKind != JsonValueKind.Object || header.TryGetProperty("crit", out _)
                || !header.TryGetProperty("alg", out JsonElement alg) || alg.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            algorithm = alg.GetString()!;
            keyId = header.TryGetProperty("kid", out JsonElement kid) && kid.ValueKind == JsonValueKind.String ? kid.GetString() : null;
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    internal static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.ContainsAnyExcept(Alphabet) || text.Length % 4 == 1)
        {
            return false;
        }

        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        bool decoded = Base64Url.DecodeFromChars(text, bytes, out _, out int written) == OperationStatus.Done;
        Array.Resize(ref bytes, written);
        return decoded;
    }
}
