using Microsoft.Win32.SafeHandles;

namespace Crosspoint.Rtc.Crypto.Native;

/// <summary>Owns an EVP_CIPHER_CTX. Freeing it wipes the key schedule (OPENSSL_cleanse).</summary>
internal sealed class SafeCipherContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SafeCipherContextHandle()
        : base(ownsHandle: true)
    {
        SetHandle(LibCrypto.EVP_CIPHER_CTX_new());
        OpenSslException.ThrowIf(IsInvalid, "EVP_CIPHER_CTX_new");
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }
}
