using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crosspoint.Calls.Auth;
using Crosspoint.Calls.Options;

namespace Crosspoint.Calls.Tokens;

/// <summary>Mints and reads join tokens: base64url(JSON) '.' base64url(HMAC-SHA256(secret, first part)).</summary>
/// <remarks>Immutable; any thread. Who may have one minted is the room directory's decision, not made here.</remarks>
public sealed class JoinTokens
{
    private const int MaxLength = 8192;

    // A development server's links should survive its restart; it is open to everybody anyway.
    private static readonly byte[] DevelopmentKey = SHA256.HashData("crosspoint development join tokens"u8);

    // given to me
    private readonly TimeProvider _time;

    // made by me
    private readonly byte[] _key;

    /// <summary>With a key of at least 32 bytes.</summary>
    public JoinTokens(byte[] key, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, 32, nameof(key));
        (_key, _time) = (key, time);
    }

    /// <summary>With the configured secret; without one, a fixed key in insecure development and a random one everywhere else.</summary>
    public static JoinTokens Create(CallsOptions options, TimeProvider time) => new(
        options.Join.TokenSecret?.RevealBytes() ?? (options.Auth.DevInsecure ? DevelopmentKey : RandomNumberGenerator.GetBytes(32)), time);

    /// <summary>Signs a grant. The caller has checked that the one who asks created the room.</summary>
    public string Mint(JoinGrant grant)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            writer.WriteString("roomId", grant.RoomId);
            writer.WriteString("callId", grant.CallId);
            writer.WriteString("creator", grant.CreatorUserId);
            writer.WriteStartArray("allowedUserIds");
            foreach (string userId in grant.AllowedUserIds)
            {
                writer.WriteStringValue(userId);
            }

            writer.WriteEndArray();
            WriteCodecs(writer, grant.Codecs);
            if (grant.Profile is not null)
            {
                writer.WriteString("profile", grant.Profile);
            }

            writer.WriteString("jti", grant.TokenId);
            writer.WriteNumber("exp", grant.ExpiresAt.ToUnixTimeSeconds());
            writer.WriteEndObject();
        }

        string body = Base64Url.EncodeToString(json.WrittenSpan);
        return body + "." + Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(body)));
    }

    /// <summary>Reads a token for one user who wants into one room; null with the reason when it does not let that user in.</summary>
    public JoinGrant? Verify(string token, string roomId, string userId, out JoinTokenRefusal refusal)
    {
        refusal = JoinTokenRefusal.Malformed;
        int dot = token.Length <= MaxLength ? token.IndexOf('.', StringComparison.Ordinal) : -1;
        if (dot < 0 || !Jws.TryDecode(token.AsSpan(0, dot), out byte[] json) || !Jws.TryDecode(token.AsSpan(dot + 1), out byte[] mac))
        {
            return null;
        }

        // The signature first: nothing unsigned is parsed.
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(token, 0, dot)), mac))
        {
            refusal = JoinTokenRefusal.BadSignature;
            return null;
        }

        JoinGrant? grant = Read(json);
        refusal = grant switch
        {
            null => JoinTokenRefusal.Malformed,
            _ when grant.ExpiresAt <= _time.GetUtcNow() => JoinTokenRefusal.Expired,
            _ when grant.RoomId != roomId => JoinTokenRefusal.WrongRoom,
            _ when !grant.Allows(userId) => JoinTokenRefusal.WrongUser,
            _ => JoinTokenRefusal.None,
        };
        return refusal == JoinTokenRefusal.None ? grant : null;
    }

    private static void WriteCodecs(Utf8JsonWriter writer, IReadOnlyList<string>? codecs)
    {
        if (codecs is null)
        {
            return;
        }

        writer.WriteStartArray("codecs");
        foreach (string codec in codecs)
        {
            writer.WriteStringValue(codec);
        }

        writer.WriteEndArray();
    }

    // Tokens from before rooms had codecs of their own say nothing about them.
    private static string[]? ReadCodecs(JsonElement root) => root.TryGetProperty("codecs", out JsonElement codecs)
        ? [.. codecs.EnumerateArray().Select(codec => codec.GetString()!)]
        : null;

    private static JoinGrant? Read(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Jws.Strict);
            JsonElement root = document.RootElement;
            return new()
            {
                RoomId = root.GetProperty("roomId").GetString()!,
                CallId = root.GetProperty("callId").GetString()!,
                CreatorUserId = root.GetProperty("creator").GetString()!,
                AllowedUserIds = [.. root.GetProperty("allowedUserIds").EnumerateArray().Select(id => id.GetString()!)],
                Codecs = ReadCodecs(root),
                Profile = root.TryGetProperty("profile", out JsonElement profile) ? profile.GetString() : null,
                TokenId = root.GetProperty("jti").GetString()!,
                ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(root.GetProperty("exp").GetInt64()),
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
