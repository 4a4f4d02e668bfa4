using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Crosspoint.Calls.Auth;
using Crosspoint.Calls.Tokens;
using Crosspoint.Fuzz.Engine;

namespace Crosspoint.Fuzz.Targets;

/// <summary>Tokens that clients present, and the key sets of issuers.</summary>
internal static class TokenTargets
{
    // Seconds since 1970; every token of the seeds is good then.
    private const long Then = 1_800_000_000;

    private static readonly TimeProvider Clock = new StoppedClock();
    private static readonly byte[] Secret = new byte[32];
    private static readonly JwsKey Key = JwsKey.Hs256(Secret);
    private static readonly ClaimPolicy Policy = new() { Issuer = "https://issuer", Audience = "calls", Leeway = TimeSpan.FromSeconds(30) };
    private static readonly StaticKeyTokenVerifier Verifier = new(Key, Policy, Clock);
    private static readonly JoinTokens Joins = new(Secret, Clock);
    private static readonly Lazy<Jws[]> Known = new(() => [.. new[] { "HS256", "RS256", "ES256" }
        .Select(algorithm => Jws.Parse(Sign($$"""{"alg":"{{algorithm}}"}""", "{}"), out _)!)]);

    private static readonly byte[][] Words =
    [
        .. new[] { "\"", "{", "}", "[", "]", ",", ":", ".", "null", "true", "-1", "1e999", "99999999999", "\\ud800", "\\u0000", "\"alg\":", "\"HS256\"", "\"none\"", "\"kid\":", "\"crit\":[]", "\"exp\":", "\"nbf\":", "\"sub\":", "\"aud\":", "\"keys\":[", "\"kty\":\"EC\"", "\"kty\":\"RSA\"", "\"crv\":\"P-256\"", "\"n\":", "\"e\":\"AQAB\"", "\"*\"" }
            .Select(Encoding.UTF8.GetBytes),
    ];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("jws", Token, TokenSeeds) { MaxInputBytes = 9000, MaxAllocatedBytes = 256 << 10, Words = Words },
        new("jws-claims", Claims, ClaimSeeds) { MaxInputBytes = 4096, MaxAllocatedBytes = 256 << 10, Words = Words },
        new("jwks", Keys, KeySeeds) { MaxInputBytes = 16384, MaxAllocatedBytes = 512 << 10, MaxTime = TimeSpan.FromMilliseconds(500), Words = Words },
        new("join-token", Join, JoinSeeds) { MaxInputBytes = 9000, MaxAllocatedBytes = 256 << 10, Words = Words },
        new("resume-token", Resume, ResumeSeeds),
    ];

    // A token as it stands in AUTH; nobody but us can have signed it.
    private static int Token(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        Jws? jws = Jws.Parse(text, out TokenRefusal refusal);
        var signature = new Signature();
        signature.Add(refusal);
        signature.Add(jws is not null);
        if (jws is not null)
        {
            signature.Add(jws.KeyId is not null);
            signature.Add(Key.Verifies(jws));
            signature.Add(Policy.Judge(jws.Payload, Clock.GetUtcNow()).Refusal);
        }

        signature.Add(Verify(text).Refusal);
        return signature.Value;
    }

    // Header and payload in JSON, parted by a line feed; signed by us, so that the claims are read.
    private static int Claims(ReadOnlySpan<byte> input)
    {
        int feed = input.IndexOf((byte)'\n');
        string token = Sign(input[..Math.Max(feed, 0)], input[(feed + 1)..]);
        AccessTokenResult result = Verify(token);
        if (result.IsAccepted != (result.Refusal == TokenRefusal.None) || (result.IsAccepted && result.ExpiresAt is null))
        {
            throw new InvalidOperationException("Accepted with a refusal, or for ever.");
        }

        var signature = new Signature();
        signature.Add(result.Refusal);
        return signature.Value;
    }

    private static AccessTokenResult Verify(string token)
    {
        ValueTask<AccessTokenResult> verified = Verifier.VerifyAsync(token, CancellationToken.None);
        return verified.IsCompletedSuccessfully ? verified.Result : throw new InvalidOperationException("A key at hand needs no waiting.");
    }

    private static int Keys(ReadOnlySpan<byte> input)
    {
        byte[] document;
        using (Exempt.Begin())
        {
            document = input.ToArray();
            _ = Known.Value;
        }

        var signature = new Signature();
        IReadOnlyList<JwsKey> keys = JsonWebKeySet.Parse(document);
        signature.AddMagnitude(keys.Count);
        foreach (JwsKey key in keys)
        {
            if (key.Algorithm == JwsAlgorithm.HS256)
            {
                throw new InvalidOperationException("A shared secret from a fetched set.");
            }

            signature.Add(key.Algorithm);
            signature.Add(key.KeyId is not null);
            foreach (Jws jws in Known.Value)
            {
                signature.Add(key.Verifies(jws));
            }
        }

        return signature.Value;
    }

    // Byte 0 even: the token itself. Odd: its JSON, signed by us.
    private static int Join(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }

        string token;
        if ((input[0] & 1) == 0)
        {
            token = Encoding.Latin1.GetString(input[1..]);
        }
        else
        {
            string body = Base64Url.EncodeToString(input[1..]);
            token = body + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Secret, Encoding.ASCII.GetBytes(body)));
        }

        JoinGrant? grant = Joins.Verify(token, "standup", "bob", out JoinTokenRefusal refusal);
        if (grant is not null != (refusal == JoinTokenRefusal.None) || (grant is not null && (grant.RoomId != "standup" || !grant.Allows("bob"))))
        {
            throw new InvalidOperationException("Granted to whom it was not meant for.");
        }

        var signature = new Signature();
        signature.Add(refusal);
        return signature.Value;
    }

    // UTF-16 as it is: a token need not be text.
    private static int Resume(ReadOnlySpan<byte> input)
    {
        string presented = new(MemoryMarshal.Cast<byte, char>(input));
        ResumeTokenHash hash = ResumeToken.Hash(presented);
        ResumeToken.Create(out ResumeTokenHash other);
        if (!hash.Equals(ResumeToken.Hash(presented)) || hash.Equals(other) || hash.GetHashCode() != ResumeToken.Hash(presented).GetHashCode())
        {
            throw new InvalidOperationException("A token is equal to itself and to no other.");
        }

        var signature = new Signature();
        signature.AddMagnitude(presented.Length);
        return signature.Value;
    }

    private static string Sign(string header, string payload) => Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload));

    private static string Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        string input = Base64Url.EncodeToString(header) + "." + Base64Url.EncodeToString(payload);
        return input + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Secret, Encoding.ASCII.GetBytes(input)));
    }

    private const string Good = """{"iss":"https://issuer","aud":["other","calls"],"sub":"bob","exp":1800000060,"nbf":1799999000.5}""";

    private static IEnumerable<byte[]> TokenSeeds() =>
    [
        Encoding.ASCII.GetBytes(Sign("""{"alg":"HS256","typ":"JWT","kid":"k1"}""", Good)),
        Encoding.ASCII.GetBytes(Sign("""{"alg":"none"}""", "{}")),
        "a.b.c"u8.ToArray(),
    ];

    private static IEnumerable<byte[]> ClaimSeeds() =>
    [
        Encoding.UTF8.GetBytes("{\"alg\":\"HS256\",\"kid\":\"k1\"}\n" + Good),
        Encoding.UTF8.GetBytes("{\"alg\":\"HS256\"}\n" + Good.Replace("[\"other\",\"calls\"]", "\"calls\"", StringComparison.Ordinal)),
        "{\"alg\":\"HS256\"}\n{\"exp\":1,\"sub\":\"bob\"}"u8.ToArray(),
        "{\"alg\":\"HS256\",\"crit\":[\"b64\"]}\n{}"u8.ToArray(),
    ];

    private static IEnumerable<byte[]> KeySeeds()
    {
        // RFC 7515 appendix A.3.1 and A.2.1.
        const string Ec = """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";
        const string Rsa = """{"kty":"RSA","alg":"RS256","use":"sig","kid":"r","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}""";
        yield return Encoding.UTF8.GetBytes($$"""{"keys":[{{Ec}},{{Rsa}}]}""");
        yield return Encoding.UTF8.GetBytes($$"""{"keys":[{{Ec}}]}""");
        yield return """{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"EC","crv":"P-384","x":"AA","y":"AA"},{"kty":"RSA","n":"AQ","e":"AQAB"}]}"""u8.ToArray();
    }

    private static IEnumerable<byte[]> JoinSeeds()
    {
        JoinGrant grant = new()
        {
            RoomId = "standup",
            CallId = "c1",
            CreatorUserId = "ada",
            AllowedUserIds = ["bob", "*"],
            TokenId = "t1",
            ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(Then + 60),
        };
        yield return [0, .. Encoding.ASCII.GetBytes(Joins.Mint(grant))];
        yield return [0, .. Encoding.ASCII.GetBytes(Joins.Mint(grant with { RoomId = "other" }))];
        yield return [1, .. """{"roomId":"standup","callId":"c1","creator":"ada","allowedUserIds":["bob"],"jti":"t1","exp":1800000060}"""u8];
        yield return [1, .. """{"roomId":"standup","callId":null,"creator":"ada","allowedUserIds":[],"jti":"t1","exp":1}"""u8];
    }

    private static IEnumerable<byte[]> ResumeSeeds() => ["r\0t\0_\0"u8.ToArray(), [0, 0xD8, 0, 0xDC], new byte[86]];

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Then);
    }
}
