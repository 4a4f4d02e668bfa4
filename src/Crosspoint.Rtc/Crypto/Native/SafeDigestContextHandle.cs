using Microsoft.Win32.SafeHandles;

namespace Crosspoint.Rtc.Crypto.Native;

/// <summary>Owns an EVP_MD_CTX. Freeing it wipes the digest state.</summary>
internal sealed class SafeDigestContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SafeDigestContextHandle()
        : base(ownsHandle: true)
    {
        SetHandle(LibCrypto.EVP_MD_CTX_new());
        OpenSslException.ThrowIf(IsInvalid, "EVP_MD_CTX_new");
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_MD_CTX_free(handle);
        return true;
    }
}
