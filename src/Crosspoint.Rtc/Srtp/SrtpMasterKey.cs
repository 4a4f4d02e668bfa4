using System.Security.Cryptography;

namespace Crosspoint.Rtc.Srtp;

/// <summary>A master key with its master salt, for one direction (RFC 3711 §3.2.1). Wiped on dispose; never printed.</summary>
public sealed class SrtpMasterKey : IDisposable
{
    private readonly byte[] _bytes;

    /// <summary>Copies the secrets.</summary>
    /// <exception cref="ArgumentException">A length is not the profile's.</exception>
    public SrtpMasterKey(SrtpProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        var parameters = SrtpProfileParameters.Of(profile);
        if (key.Length != parameters.KeyLength || salt.Length != parameters.SaltLength)
        {
            throw new ArgumentException($"{profile} takes a key of {parameters.KeyLength} and a salt of {parameters.SaltLength} bytes");
        }

        Profile = profile;
        _bytes = GC.AllocateUninitializedArray<byte>(key.Length + salt.Length, pinned: true); // pinned: the collector leaves no copies behind
        key.CopyTo(_bytes);
        salt.CopyTo(_bytes.AsSpan(key.Length));
    }

    /// <summary>What the key is for.</summary>
    public SrtpProfile Profile { get; }

    /// <summary>True once disposed.</summary>
    public bool IsDisposed { get; private set; }

    internal ReadOnlySpan<byte> Key => Bytes[..SrtpProfileParameters.Of(Profile).KeyLength];

    internal ReadOnlySpan<byte> Salt => Bytes[SrtpProfileParameters.Of(Profile).KeyLength..];

    private ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return _bytes;
        }
    }

    /// <summary>Overwrites the secrets.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        IsDisposed = true;
    }

    /// <summary>The profile only.</summary>
    public override string ToString() => $"SRTP master key ({Profile})";
}
