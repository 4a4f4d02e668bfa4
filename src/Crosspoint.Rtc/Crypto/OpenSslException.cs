using System.Diagnostics.CodeAnalysis;
using System.Text;
using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Crypto;

/// <summary>
/// OpenSSL refused something that does not depend on what a peer sent (out of memory, a build without an algorithm).
/// Never thrown for bytes from the network.
/// </summary>
public sealed class OpenSslException : Exception
{
    private OpenSslException(string message)
        : base(message)
    {
    }

    internal static void ThrowIf([DoesNotReturnIf(true)] bool failed, string function)
    {
        if (failed)
        {
            throw new OpenSslException($"{function}: {TakeFirstError()}");
        }
    }

    private static unsafe string TakeFirstError()
    {
        Span<byte> text = stackalloc byte[256];
        var error = LibCrypto.ERR_peek_error();
        fixed (byte* p = text)
        {
            LibCrypto.ERR_error_string_n(error, p, (nuint)text.Length);
        }

        LibCrypto.ERR_clear_error();
        var end = text.IndexOf((byte)0);
        return Encoding.ASCII.GetString(text[..Math.Max(end, 0)]);
    }
}
