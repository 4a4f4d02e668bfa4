using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Crosspoint.Rtc.Stun;

/// <summary>What an integrity check found.</summary>
public enum StunIntegrityResult : byte
{
    /// <summary>The HMAC is right.</summary>
    Ok = 0,

    /// <summary>No integrity attribute.</summary>
    Missing = 1,

    /// <summary>The HMAC is wrong.</summary>
    Mismatch = 2,

    /// <summary>The message is longer than anything we would authenticate.</summary>
    TooLong = 3,
}

/// <summary>MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.5, §14.6). Compares in constant time.</summary>
public static class StunIntegrity
{
    /// <summary>Longest message whose HMAC is computed: above every MTU, and small enough for the stack.</summary>
    public const int MaxMessageLength = 2048;

    internal const int Sha1Length = 20;
    internal const int Sha256Length = 32;

    /// <summary>Checks the strongest integrity attribute that is present.</summary>
    public static StunIntegrityResult Verify(in StunMessage message, ReadOnlySpan<byte> key) =>
        message.HasMessageIntegritySha256 ? VerifySha256(message, key) : VerifySha1(message, key);

    /// <summary>Checks MESSAGE-INTEGRITY.</summary>
    public static StunIntegrityResult VerifySha1(in StunMessage message, ReadOnlySpan<byte> key) =>
        Verify(message, message.Layout.Integrity, Sha1Length, key);

    /// <summary>Checks MESSAGE-INTEGRITY-SHA256. A truncated value is a mismatch: no usage of ours allows truncation.</summary>
    public static StunIntegrityResult VerifySha256(in StunMessage message, ReadOnlySpan<byte> key) =>
        Verify(message, message.Layout.IntegritySha256, Sha256Length, key);

    private static StunIntegrityResult Verify(in StunMessage message, int at, int length, ReadOnlySpan<byte> key)
    {
        if (at == 0)
        {
            return StunIntegrityResult.Missing;
        }

        if (at > MaxMessageLength)
        {
            return StunIntegrityResult.TooLong;
        }

        Span<byte> covered = stackalloc byte[at];
        message.Bytes[..at].CopyTo(covered);
        Span<byte> expected = stackalloc byte[Sha256Length];
        int actualLength = BinaryPrimitives.ReadUInt16BigEndian(message.Bytes[(at + 2)..]);
        Compute(covered, key, expected[..length]);
        return CryptographicOperations.FixedTimeEquals(expected[..length], message.Bytes.Slice(at + 4, actualLength))
            ? StunIntegrityResult.Ok
            : StunIntegrityResult.Mismatch;
    }

    // The HMAC covers a header whose length ends with the integrity attribute itself, whatever follows it later.
    internal static void Compute(Span<byte> before, ReadOnlySpan<byte> key, Span<byte> hmac)
    {
        BinaryPrimitives.WriteUInt16BigEndian(before[2..], (ushort)(before.Length - StunMessage.HeaderLength + 4 + hmac.Length));
        if (hmac.Length == Sha1Length)
        {
            HMACSHA1.HashData(key, before, hmac);
        }
        else
        {
            HMACSHA256.HashData(key, before, hmac);
        }
    }
}
