using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Crosspoint.Calls.Tokens;

/// <summary>What lets a device continue its session on a new socket: 256 random bits, good once, remembered only as a hash.</summary>
public static class ResumeToken
{
    private const int RandomBytes = 32;

    /// <summary>A new token for the client and the hash for us.</summary>
    public static string Create(out ResumeTokenHash hash)
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        string text = Base64Url.EncodeToString(random);
        hash = Hash(text);
        return text;
    }

    /// <summary>The hash of whatever a client presents.</summary>
    public static ResumeTokenHash Hash(string presented) => new(SHA256.HashData(Encoding.UTF8.GetBytes(presented)));
}

/// <summary>SHA-256 of a resume token. Looking one up by its hash tells an attacker nothing about the token; equality is constant-time nevertheless.</summary>
public readonly struct ResumeTokenHash : IEquatable<ResumeTokenHash>
{
    private readonly byte[] _bytes;

    internal ResumeTokenHash(byte[] bytes) => _bytes = bytes;

    /// <inheritdoc/>
    public bool Equals(ResumeTokenHash other) => CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ResumeTokenHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bytes is null ? 0 : MemoryMarshal.Read<int>(_bytes);

    /// <summary>Constant-time equality.</summary>
    public static bool operator ==(ResumeTokenHash left, ResumeTokenHash right) => left.Equals(right);

    /// <summary>Constant-time inequality.</summary>
    public static bool operator !=(ResumeTokenHash left, ResumeTokenHash right) => !left.Equals(right);
}
