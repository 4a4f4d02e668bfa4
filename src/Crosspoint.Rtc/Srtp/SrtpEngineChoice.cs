using Crosspoint.Rtc.Crypto;
using Crosspoint.Rtc.Crypto.Native;

namespace Crosspoint.Rtc.Srtp;

/// <summary>What an <see cref="SrtpEngine"/> came to on this machine; for the log and a metric.</summary>
/// <param name="Name"><c>ipsec-mb</c> or <c>openssl</c>.</param>
/// <param name="Reason">Why it is not ipsec-mb, or Loaded.</param>
/// <param name="Instructions"><c>avx512</c> or <c>avx2</c> with ipsec-mb, otherwise empty: OpenSSL does not say.</param>
public sealed record SrtpEngineChoice(string Name, IpsecMbStatus Reason, string Instructions)
{
    /// <summary>Loads and tests the library the first time it is asked for (about a millisecond).</summary>
    public static SrtpEngineChoice Of(SrtpEngine engine) => Library(engine) is { } library
        ? new("ipsec-mb", IpsecMbStatus.Loaded, library.Architecture == LibIpsecMb.ArchitectureAvx512 ? "avx512" : "avx2")
        : new("openssl", engine == SrtpEngine.OpenSsl ? IpsecMbStatus.NotWanted : IpsecMb.Status, "");

    internal static IpsecMb? Library(SrtpEngine engine) => engine == SrtpEngine.Auto ? IpsecMb.Shared : null;
}
