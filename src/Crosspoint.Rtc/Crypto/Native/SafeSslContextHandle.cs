using Microsoft.Win32.SafeHandles;

namespace Crosspoint.Rtc.Crypto.Native;

/// <summary>Owns a reference to an SSL_CTX for DTLS; every SSL made from it holds one of its own.</summary>
internal sealed class SafeSslContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SafeSslContextHandle()
        : base(ownsHandle: true)
    {
        SetHandle(LibSsl.SSL_CTX_new(LibSsl.DTLS_method()));
        OpenSslException.ThrowIf(IsInvalid, "SSL_CTX_new");
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }
}
