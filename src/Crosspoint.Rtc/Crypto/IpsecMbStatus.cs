namespace Crosspoint.Rtc.Crypto;

/// <summary>Whether libipsec-mb is used, or why not; a metric label.</summary>
public enum IpsecMbStatus
{
    /// <summary>It is loaded and gave the right answers.</summary>
    Loaded,

    /// <summary>The options ask for OpenSSL.</summary>
    NotWanted,

    /// <summary>It exists for 64-bit x86 Linux.</summary>
    PlatformUnsupported,

    /// <summary>No libIPSec_MB.so.1 (Debian: libipsec-mb1) where distributions put it.</summary>
    LibraryMissing,

    /// <summary>A file is there but cannot be loaded, or lacks a function every version has.</summary>
    LibraryBroken,

    /// <summary>A version whose layout nobody has checked for this build.</summary>
    VersionUnknown,

    /// <summary>The processor has no AVX2 with AES and carry-less multiplication; OpenSSL is as good there.</summary>
    ProcessorUnsupported,

    /// <summary>The library's own start-up test failed, or it could not make a manager.</summary>
    SelfTestFailed,

    /// <summary>A published test vector came out wrong.</summary>
    KnownAnswerWrong,

    /// <summary>It did not agree with OpenSSL over messages of many lengths.</summary>
    ComparisonWrong,
}
