using System.Security.Cryptography;
using Crosspoint.Rtc.Crypto;
using Crosspoint.Rtc.Crypto.Native;
using AesGcm = Crosspoint.Rtc.Crypto.AesGcm;

namespace Crosspoint.Rtc.Tests.Crypto;

public class IpsecMbTests
{
    [IpsecMbFact]
    public void The_library_of_this_machine_passes() => Assert.Equal(IpsecMbStatus.Loaded, IpsecMb.Load(LibIpsecMb.Paths).Status);

    [Fact]
    public void A_missing_file_is_a_reason() =>
        Assert.Equal((null, OperatingSystem.IsLinux() ? IpsecMbStatus.LibraryMissing : IpsecMbStatus.PlatformUnsupported), IpsecMb.Load(["/nonexistent/libIPSec_MB.so.1"]));

    [Fact]
    public void A_file_that_is_no_library_is_a_reason()
    {
        var path = Path.GetTempFileName();
        try
        {
            var (library, status) = IpsecMb.Load([path]);
            Assert.Null(library);
            Assert.True(status is IpsecMbStatus.LibraryBroken or IpsecMbStatus.PlatformUnsupported);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static TheoryData<string> Tamperings => new(
    [
        nameof(IpsecMbTable.Gcm128Encrypt), nameof(IpsecMbTable.Gcm128Decrypt), nameof(IpsecMbTable.Gcm256Encrypt), nameof(IpsecMbTable.Gcm256Decrypt),
        nameof(IpsecMbTable.KeyExpansion128), nameof(IpsecMbTable.Sha1OneBlock), nameof(IpsecMbTable.HashBurst),
    ]);

    [IpsecMbTheory]
    [MemberData(nameof(Tamperings))]
    public void A_wrong_answer_of_any_function_means_openssl(string function)
    {
        var (library, status) = IpsecMb.Load(LibIpsecMb.Paths, table => Tamper(table, function));
        Assert.Null(library);
        Assert.Equal(IpsecMbStatus.KnownAnswerWrong, status);
    }

    [IpsecMbTheory]
    [InlineData(16)]
    [InlineData(32)]
    public void A_wrong_tag_opens_nothing_and_leaves_no_plaintext(int keyLength)
    {
        var key = RandomNumberGenerator.GetBytes(keyLength);
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceLength);
        using var seals = new IpsecMbAesGcm(IpsecMb.Shared!, key, seals: true);
        using var opens = new IpsecMbAesGcm(IpsecMb.Shared!, key, seals: false);
        for (var length = 0; length < 300; length++)
        {
            var plain = RandomNumberGenerator.GetBytes(length);
            var text = new byte[length];
            var tag = new byte[AesGcm.TagLength];
            Assert.True(seals.Seal(nonce, "header"u8, plain, text, tag));
            tag[length % 16] ^= (byte)(1 << (length % 8));
            Assert.False(opens.Open(nonce, "header"u8, text, tag));
            Assert.False(text.AsSpan().ContainsAnyExcept((byte)0));
        }
    }

    [IpsecMbFact]
    public void Used_wrongly_it_throws_before_anything_is_touched()
    {
        var seals = new IpsecMbAesGcm(IpsecMb.Shared!, new byte[16], seals: true);
        Assert.Throws<ArgumentException>(() => seals.Open(new byte[12], default, new byte[4], new byte[16]));
        Assert.Throws<ArgumentException>(() => seals.Seal(new byte[11], default, new byte[4], new byte[4], new byte[16]));
        Assert.Throws<ArgumentException>(() => seals.Seal(new byte[12], default, new byte[4], new byte[5], new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IpsecMbAesGcm(IpsecMb.Shared!, new byte[24], seals: true));
        seals.Dispose();
        Assert.Throws<ObjectDisposedException>(() => seals.Seal(new byte[12], default, default, default, new byte[16]));
    }

    private static unsafe IpsecMbTable Tamper(IpsecMbTable table, string function)
    {
        switch (function)
        {
            case nameof(IpsecMbTable.Gcm128Encrypt):
                table.Gcm128Encrypt = table.Gcm128Decrypt;
                break;
            case nameof(IpsecMbTable.Gcm128Decrypt):
                table.Gcm128Decrypt = table.Gcm128Encrypt;
                break;
            case nameof(IpsecMbTable.Gcm256Encrypt):
                table.Gcm256Encrypt = table.Gcm128Encrypt;
                break;
            case nameof(IpsecMbTable.Gcm256Decrypt):
                table.Gcm256Decrypt = table.Gcm128Decrypt;
                break;
            case nameof(IpsecMbTable.KeyExpansion128):
                table.KeyExpansion128 = &Nothing;
                break;
            case nameof(IpsecMbTable.Sha1OneBlock):
                table.Sha1OneBlock = &Nothing;
                break;
            case nameof(IpsecMbTable.HashBurst):
                table.HashBurst = &Nothing;
                break;
        }

        return table;
    }

    [System.Runtime.InteropServices.UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static unsafe void Nothing(byte* first, byte* second, byte* third)
    {
    }

    [System.Runtime.InteropServices.UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static unsafe void Nothing(byte* first, byte* second)
    {
    }

    [System.Runtime.InteropServices.UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static unsafe uint Nothing(nint manager, LibIpsecMb.Job* jobs, uint count, int hash) => count;
}
