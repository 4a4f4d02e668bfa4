using System.Buffers.Binary;
using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.Crypto;
using Crosspoint.Rtc.Crypto.Native;
using Crosspoint.Rtc.Srtp;
using Crosspoint.Rtc.Tests.Crypto;
using static Crosspoint.Rtc.Tests.Srtp.SrtpTestKeys;

namespace Crosspoint.Rtc.Tests.Srtp;

public class SrtpBatchTests
{
    public static TheoryData<SrtpProfile> Profiles => AllProfiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_packet_of_a_batch_is_the_packet_of_a_single_call(SrtpProfile profile)
    {
        var (single, _) = Pair(profile);
        var (batched, receiver) = Pair(profile);
        using var batch = new SrtpBatch();
        var packet = Pinned(64);
        Header(7).CopyTo(packet, 0);
        "payload of a packet"u8.CopyTo(packet.AsSpan(12));
        var length = batched.ProtectRtp(batch, packet, 12, packet.AsSpan(12, "payload of a packet"u8.Length));
        Assert.Equal(0, batch.Complete());
        Assert.Equal(Protect(single, 7), packet[..length]);
        Assert.Equal(SrtpResult.Ok, Unprotect(receiver, packet[..length]));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_header_length_that_cannot_be_is_refused(SrtpProfile profile)
    {
        var (sender, _) = Pair(profile);
        using var batch = new SrtpBatch();
        foreach (var headerLength in new[] { -1, 0, 11, 65, int.MaxValue })
        {
            Assert.Equal(0, sender.ProtectRtp(batch, new byte[64], headerLength, default));
            Assert.Equal(SrtpResult.TooShort, sender.LastResult);
        }

        Assert.Equal(0, sender.ProtectRtp(batch, new byte[64], 64, default));
        Assert.Equal(SrtpResult.BufferTooSmall, sender.LastResult);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Keys_may_be_wiped_while_their_packets_wait(SrtpProfile profile)
    {
        using var batch = new SrtpBatch();
        var packet = Pinned(64);
        Header(7).CopyTo(packet, 0);
        var (sender, receiver) = Pair(profile);
        var length = sender.ProtectRtp(batch, packet, 12, packet.AsSpan(12, 20));
        sender.Dispose();
        Assert.Equal(0, batch.Pending);
        Assert.Equal(0, batch.Complete());
        Assert.Equal(SrtpResult.Ok, Unprotect(receiver, packet[..length]));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_second_batch_takes_over_from_the_first(SrtpProfile profile)
    {
        using var first = new SrtpBatch();
        using var second = new SrtpBatch();
        var (sender, receiver) = Pair(profile);
        var (a, b) = (Pinned(64), Pinned(64));
        Header(1).CopyTo(a, 0);
        Header(2).CopyTo(b, 0);
        var length = sender.ProtectRtp(first, a, 12, a.AsSpan(12, 20));
        Assert.Equal(length, sender.ProtectRtp(second, b, 12, b.AsSpan(12, 20)));
        Assert.Equal(0, second.Complete());
        Assert.Equal(SrtpResult.Ok, Unprotect(receiver, a[..length]));
        Assert.Equal(SrtpResult.Ok, Unprotect(receiver, b[..length]));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Nothing_is_allocated_per_packet(SrtpProfile profile)
    {
        using var batch = new SrtpBatch();
        var (sender, _) = Pair(profile);
        var packet = Pinned(1300);
        var payload = Pinned(1188);
        int number = 0;
        int passed = 0;
        Assert.Equal(0, AllocationMeter.Count(3000, () =>
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)number++);
            packet[0] = 0x80;
            var length = sender.ProtectRtp(batch, packet, 12, payload);
            var failures = number % 16 == 0 ? batch.Complete() : 0;
            passed += length > 0 && failures == 0 ? 1 : 0;
        }));
        Assert.Equal(number, passed);
    }

    [IpsecMbTheory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(200)]
    public unsafe void What_the_library_fails_is_counted_and_overwritten(int count)
    {
        s_isFailing = false;
        var (library, _) = IpsecMb.Load(LibIpsecMb.Paths, table =>
        {
            s_cipherBurst = table.CipherBurst;
            table.CipherBurst = &FailingBurst;
            return table;
        });
        Assert.NotNull(library);
        using var master = Master(SrtpProfile.Aes128CmHmacSha1Tag80);
        using var transform = SrtpTransform.Create(master, protects: true, library);
        using var batch = new SrtpBatch();
        s_isFailing = true;
        var packets = Pinned(count * 64);
        packets.AsSpan().Fill(0xee);
        for (var i = 0; i < count; i++)
        {
            Assert.True(transform.ProtectRtp(batch, 1, i, packets.AsSpan(i * 64, 50), 12, packets.AsSpan((i * 64) + 12, 28)));
        }

        Assert.Equal(count, batch.Complete());
        Assert.Equal(0, batch.Complete());
        for (var i = 0; i < count; i++)
        {
            Assert.False(packets.AsSpan(i * 64, 50).ContainsAnyExcept((byte)0));
            Assert.False(packets.AsSpan((i * 64) + 50, 14).ContainsAnyExcept((byte)0xee));
        }
    }

    private static bool s_isFailing;
    private static unsafe delegate* unmanaged[Cdecl]<nint, LibIpsecMb.Job*, uint, int, int, int, uint> s_cipherBurst;

    [System.Runtime.InteropServices.UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static unsafe uint FailingBurst(nint manager, LibIpsecMb.Job* jobs, uint count, int mode, int direction, int keyLength) =>
        s_isFailing ? 0 : s_cipherBurst(manager, jobs, count, mode, direction, keyLength);

    private static byte[] Pinned(int length) => GC.AllocateArray<byte>(length, pinned: true);
}
