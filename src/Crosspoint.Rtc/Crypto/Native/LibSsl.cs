using System.Runtime.InteropServices;

namespace Crosspoint.Rtc.Crypto.Native;

/// <summary>The part of OpenSSL 3's libssl that DTLS needs. Names are OpenSSL's own, so that its manual pages apply; macros are spelt as their ctrl numbers.</summary>
internal static unsafe partial class LibSsl
{
    internal const string Library = "libssl.so.3";

    internal const int Dtls12Version = 0xFEFD;
    internal const int EvpPkeyEc = 408;
    internal const int VerifyPeer = 0x01;
    internal const int VerifyFailIfNoPeerCertificate = 0x02;

    // SSL_OP_BIT numbers
    internal const ulong OpNoQueryMtu = 1UL << 12;
    internal const ulong OpNoTicket = 1UL << 14;
    internal const ulong OpNoCompression = 1UL << 17;
    internal const ulong OpCipherServerPreference = 1UL << 22;
    internal const ulong OpNoRenegotiation = 1UL << 30;

    internal const int CtrlMode = 33;
    internal const int CtrlSetSessionCacheMode = 44;
    internal const int CtrlSetMaxCertificateList = 51;
    internal const int CtrlSetMaxSendFragment = 52;
    internal const int CtrlHandleTimeout = 74;
    internal const int CtrlSetGroupsList = 92;
    internal const int CtrlSetLinkMtu = 120;
    internal const int CtrlGetExtendedMasterSecret = 122;
    internal const int CtrlSetMinVersion = 123;
    internal const int CtrlSetMaxVersion = 124;
    internal const nint ModeReleaseBuffers = 0x10;

    internal const int ErrorWantRead = 2;
    internal const int ErrorWantWrite = 3;
    internal const int ErrorZeroReturn = 6;

    /// <summary>Reasons from here to 255 more are alerts that the peer sent: SSL_AD_REASON_OFFSET.</summary>
    internal const int AlertReasonOffset = 1000;

    [LibraryImport(Library)]
    internal static partial nint DTLS_method();

    [LibraryImport(Library)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial nint SSL_CTX_ctrl(SafeSslContextHandle context, int command, nint argument, void* pointer);

    [LibraryImport(Library)]
    internal static partial ulong SSL_CTX_set_options(SafeSslContextHandle context, ulong options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_cipher_list(SafeSslContextHandle context, string list);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_use_certificate_ASN1(SafeSslContextHandle context, int length, byte* certificate);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_use_PrivateKey_ASN1(int type, SafeSslContextHandle context, byte* key, nint length);

    [LibraryImport(Library)]
    internal static partial int SSL_CTX_check_private_key(SafeSslContextHandle context);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_set_verify(SafeSslContextHandle context, int mode, nint callback);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_set_cert_verify_callback(SafeSslContextHandle context, delegate* unmanaged[Cdecl]<nint, nint, int> callback, nint argument);

    [LibraryImport(Library)]
    internal static partial nint SSL_new(SafeSslContextHandle context);

    [LibraryImport(Library)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(Library)]
    internal static partial nint SSL_ctrl(SafeSslHandle ssl, int command, nint argument, void* pointer);

    [LibraryImport(Library)]
    internal static partial void SSL_set_bio(SafeSslHandle ssl, nint readBio, nint writeBio);

    [LibraryImport(Library)]
    internal static partial void SSL_set0_wbio(SafeSslHandle ssl, nint writeBio);

    [LibraryImport(Library)]
    internal static partial int SSL_alloc_buffers(SafeSslHandle ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_free_buffers(SafeSslHandle ssl);

    [LibraryImport(Library)]
    internal static partial void SSL_set_connect_state(SafeSslHandle ssl);

    [LibraryImport(Library)]
    internal static partial void SSL_set_accept_state(SafeSslHandle ssl);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_set_tlsext_use_srtp(SafeSslHandle ssl, string profiles);

    [LibraryImport(Library)]
    internal static partial void DTLS_set_timer_cb(SafeSslHandle ssl, delegate* unmanaged[Cdecl]<nint, uint, uint> callback);

    [LibraryImport(Library)]
    internal static partial int SSL_do_handshake(SafeSslHandle ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_read(SafeSslHandle ssl, byte* into, int length);

    [LibraryImport(Library)]
    internal static partial int SSL_write(SafeSslHandle ssl, byte* data, int length);

    [LibraryImport(Library)]
    internal static partial int SSL_shutdown(SafeSslHandle ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_get_error(SafeSslHandle ssl, int result);

    [LibraryImport(Library)]
    internal static partial SrtpProtectionProfile* SSL_get_selected_srtp_profile(SafeSslHandle ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_export_keying_material(SafeSslHandle ssl, byte* into, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength, int useContext);

    /// <summary>SRTP_PROTECTION_PROFILE: <c>const char *name; unsigned long id</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SrtpProtectionProfile
    {
        public nint Name;
        public nuint Id;
    }
}
