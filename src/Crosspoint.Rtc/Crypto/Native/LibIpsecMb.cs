using System.Runtime.InteropServices;

namespace Crosspoint.Rtc.Crypto.Native;

/// <summary>
/// The parts of libipsec-mb's ABI that we use. Its ciphers are reached through a table of pointers inside IMB_MGR whose layout is
/// the version's own, so every number here holds for <see cref="Version"/> only (printed by a C program compiled against that
/// version's header on x86-64) and no other version is used.
/// </summary>
internal static unsafe class LibIpsecMb
{
    /// <summary>1.3.0, as Debian 12 has it: <c>major · 2^16 + minor · 2^8 + patch</c>.</summary>
    public const uint Version = 0x1_03_00;

    /// <summary>Where Linux distributions put it. Absolute, so that neither LD_LIBRARY_PATH nor the working directory can name another file.</summary>
    public static readonly IReadOnlyList<string> Paths =
    [
        "/usr/lib/x86_64-linux-gnu/libIPSec_MB.so.1",
        "/usr/lib64/libIPSec_MB.so.1",
        "/usr/lib/libIPSec_MB.so.1",
    ];

    // IMB_MGR
    public const int FeaturesAt = 8;
    public const int UsedArchitectureAt = 56;
    public const int ErrorAt = 60;
    public const int KeyExpansion128At = 112;
    public const int Sha1OneBlockAt = 160;
    public const int Gcm128EncryptAt = 256;
    public const int Gcm256EncryptAt = 272;
    public const int Gcm128DecryptAt = 280;
    public const int Gcm256DecryptAt = 296;
    public const int Gcm128PrepareAt = 448;
    public const int Gcm256PrepareAt = 464;
    public const int CipherBurstAt = 984;
    public const int HashBurstAt = 1000;

    // IMB_ARCH
    public const uint ArchitectureAvx2 = 4;
    public const uint ArchitectureAvx512 = 5;

    // IMB_FEATURE_*
    public const ulong FeatureSelfTest = 1UL << 20;
    public const ulong FeatureSelfTestPass = 1UL << 21;

    /// <summary>struct gcm_key_data is 1,008 bytes; rounded up to whole cache lines.</summary>
    public const int GcmKeyLength = 1024;

    /// <summary>struct gcm_context_data is 88 bytes: scratch space of one call.</summary>
    public const int GcmContextLength = 96;

    /// <summary>Eleven round keys of AES-128.</summary>
    public const int ExpandedKeyLength = 11 * 16;

    /// <summary>IMB_MAX_BURST_SIZE.</summary>
    public const int MaxBurst = 128;

    public const int CacheLine = 64;

    // IMB_JOB
    public const int CipherCounter = 2;
    public const int HashHmacSha1 = 1;
    public const int Encrypt = 1;
    public const int OrderCipherHash = 1;
    public const int StatusCompleted = 3;

    /// <summary>struct IMB_JOB, the fields that AES-CTR and HMAC-SHA1 read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 200)]
    public struct Job
    {
        [FieldOffset(0)]
        public byte* EncryptionKeys;

        [FieldOffset(8)]
        public byte* DecryptionKeys;

        [FieldOffset(16)]
        public ulong KeyLength;

        [FieldOffset(24)]
        public byte* Source;

        [FieldOffset(32)]
        public byte* Destination;

        [FieldOffset(40)]
        public ulong CipherStart;

        [FieldOffset(48)]
        public ulong CipherLength;

        [FieldOffset(56)]
        public ulong HashStart;

        [FieldOffset(64)]
        public ulong HashLength;

        [FieldOffset(72)]
        public byte* Iv;

        [FieldOffset(80)]
        public ulong IvLength;

        [FieldOffset(88)]
        public byte* Tag;

        [FieldOffset(96)]
        public ulong TagLength;

        [FieldOffset(104)]
        public byte* HashedInnerKey;

        [FieldOffset(112)]
        public byte* HashedOuterKey;

        [FieldOffset(128)]
        public int Status;

        [FieldOffset(132)]
        public int CipherMode;

        [FieldOffset(136)]
        public int CipherDirection;

        [FieldOffset(140)]
        public int HashAlgorithm;

        [FieldOffset(144)]
        public int ChainOrder;
    }
}
