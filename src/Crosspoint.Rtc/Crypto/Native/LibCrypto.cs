using System.Runtime.InteropServices;

namespace Crosspoint.Rtc.Crypto.Native;

/// <summary>
/// The part of OpenSSL 3's libcrypto that we call. Names are OpenSSL's own, so that its manual pages apply.
/// Pointers are raw on the packet path: a SafeHandle's reference counting costs more than setting a nonce does.
/// </summary>
internal static unsafe partial class LibCrypto
{
    internal const string Library = "libcrypto.so.3";

    internal const int EvpCtrlAeadGetTag = 0x10;
    internal const int EvpCtrlAeadSetTag = 0x11;
    internal const int EvpMaxDigestLength = 64;
    internal const int BioCtrlReset = 1;
    internal const int BioCtrlPending = 10;
    internal const int BioCtrlSetMemEofReturn = 130;

    [LibraryImport(Library)]
    internal static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    internal static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, void* pointer);

    [LibraryImport(Library)]
    internal static partial nint EVP_aes_128_gcm();

    [LibraryImport(Library)]
    internal static partial nint EVP_aes_256_gcm();

    [LibraryImport(Library)]
    internal static partial nint EVP_aes_128_ctr();

    [LibraryImport(Library)]
    internal static partial nint EVP_aes_256_ctr();

    [LibraryImport(Library)]
    internal static partial int EVP_EncryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv);

    [LibraryImport(Library)]
    internal static partial int EVP_EncryptUpdate(nint context, byte* output, int* outputLength, byte* input, int inputLength);

    [LibraryImport(Library)]
    internal static partial int EVP_EncryptFinal_ex(nint context, byte* output, int* outputLength);

    [LibraryImport(Library)]
    internal static partial int EVP_DecryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv);

    [LibraryImport(Library)]
    internal static partial int EVP_DecryptUpdate(nint context, byte* output, int* outputLength, byte* input, int inputLength);

    [LibraryImport(Library)]
    internal static partial int EVP_DecryptFinal_ex(nint context, byte* output, int* outputLength);

    [LibraryImport(Library)]
    internal static partial nint EVP_sha1();

    [LibraryImport(Library)]
    internal static partial nint EVP_sha256();

    [LibraryImport(Library)]
    internal static partial nint EVP_sha384();

    [LibraryImport(Library)]
    internal static partial nint EVP_sha512();

    [LibraryImport(Library)]
    internal static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library)]
    internal static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial int EVP_MD_CTX_copy_ex(nint to, nint from);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestInit_ex(nint context, nint digest, nint engine);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestUpdate(nint context, byte* data, nuint length);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestFinal_ex(nint context, byte* output, uint* length);

    [LibraryImport(Library)]
    internal static partial int X509_digest(nint certificate, nint digest, byte* output, uint* length);

    [LibraryImport(Library)]
    internal static partial void X509_free(nint certificate);

    [LibraryImport(Library)]
    internal static partial nint X509_STORE_CTX_get0_cert(nint storeContext);

    [LibraryImport(Library)]
    internal static partial void X509_STORE_CTX_set_error(nint storeContext, int error);

    [LibraryImport(Library)]
    internal static partial nint BIO_s_mem();

    [LibraryImport(Library)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(Library)]
    internal static partial int BIO_free(nint bio);

    [LibraryImport(Library)]
    internal static partial int BIO_read(nint bio, byte* into, int length);

    [LibraryImport(Library)]
    internal static partial int BIO_write(nint bio, byte* data, int length);

    [LibraryImport(Library)]
    internal static partial nint BIO_ctrl(nint bio, int command, nint argument, void* pointer);

    [LibraryImport(Library)]
    internal static partial void ERR_clear_error();

    [LibraryImport(Library)]
    internal static partial nuint ERR_peek_error();

    [LibraryImport(Library)]
    internal static partial void ERR_error_string_n(nuint error, byte* into, nuint length);
}
