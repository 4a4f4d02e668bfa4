using Microsoft.Win32.SafeHandles;

namespace Crosspoint.Rtc.Crypto.Native;

/// <summary>Owns an SSL and with it both of its BIOs. Freeing it wipes the master secret.</summary>
internal sealed class SafeSslHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public SafeSslHandle(SafeSslContextHandle context)
        : base(ownsHandle: true)
    {
        SetHandle(LibSsl.SSL_new(context));
        OpenSslException.ThrowIf(IsInvalid, "SSL_new");
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_free(handle);
        return true;
    }
}
