using System.Security.Cryptography;
using System.Text;

namespace Crosspoint.Rtc.Stun;

/// <summary>Password algorithms of long-term credentials (RFC 8489 §18.5).</summary>
public enum StunPasswordAlgorithm : ushort
{
    /// <summary>MD5 of "username:realm:password".</summary>
    Md5 = 1,

    /// <summary>SHA-256 of "username:realm:password".</summary>
    Sha256 = 2,
}

/// <summary>Keys and hashes of long-term credentials (RFC 8489 §9.2.2, §14.4). Strings are given already prepared (OpaqueString, RFC 8265).</summary>
public static class StunLongTermKey
{
    /// <summary>The HMAC key: 16 bytes for MD5, 32 for SHA-256. Allocates; keep the result.</summary>
    public static byte[] Compute(string username, string realm, string password, StunPasswordAlgorithm algorithm)
    {
        byte[] text = Encoding.UTF8.GetBytes($"{username}:{realm}:{password}");
        return algorithm == StunPasswordAlgorithm.Sha256 ? SHA256.HashData(text) : MD5.HashData(text);
    }

    /// <summary>USERHASH: SHA-256 of "username:realm", 32 bytes.</summary>
    public static byte[] Userhash(string username, string realm) => SHA256.HashData(Encoding.UTF8.GetBytes($"{username}:{realm}"));
}
