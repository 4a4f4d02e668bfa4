using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Micro.Support;

/// <summary>Master keys that differ by their seed.</summary>
internal static class MicroKeys
{
    /// <summary>A key of a profile. The caller disposes it.</summary>
    public static SrtpMasterKey Of(SrtpProfile profile, int seed)
    {
        SrtpProfileParameters parameters = SrtpProfileParameters.Of(profile);
        byte[] bytes = new byte[parameters.KeyLength + parameters.SaltLength];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((31 * i) + (7 * seed) + 1);
        }

        return new SrtpMasterKey(profile, bytes.AsSpan(0, parameters.KeyLength), bytes.AsSpan(parameters.KeyLength));
    }

    /// <summary>Protects under such a key.</summary>
    public static SrtpProtector Protector(SrtpProfile profile, int seed, SrtpEngine engine = SrtpEngine.Auto)
    {
        using SrtpMasterKey key = Of(profile, seed);
        return new SrtpProtector(key, new SrtpOptions { Engine = engine });
    }

    /// <summary>Unprotects what <see cref="Protector"/> of the same seed protected.</summary>
    public static SrtpUnprotector Unprotector(SrtpProfile profile, int seed, SrtpEngine engine = SrtpEngine.Auto)
    {
        using SrtpMasterKey key = Of(profile, seed);
        return new SrtpUnprotector(key, new SrtpOptions { Engine = engine });
    }
}
