using System.Buffers.Binary;
using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.Srtp;
using static Crosspoint.Rtc.Tests.Srtp.SrtpTestKeys;

namespace Crosspoint.Rtc.Tests.Srtp;

public class SrtpTests
{
    public static TheoryData<SrtpProfile> Profiles => AllProfiles;

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Random_packets_come_back_as_they_went_and_any_changed_bit_is_found(SrtpProfile profile)
    {
        var (sender, receiver) = Pair(profile);
        using (sender)
        using (receiver)
        {
            var random = new Random(11);
            for (var i = 0; i < 2000; i++)
            {
                var header = new byte[12 + (4 * random.Next(6))];
                random.NextBytes(header);
                Header(i, (uint)(i % 5)).CopyTo(header, 0);
                var payload = new byte[random.Next(4) == 0 ? random.Next(20) : random.Next(1300)];
                random.NextBytes(payload);
                var packet = new byte[header.Length + payload.Length + SrtpProfileParameters.MaxRtpExpansion];
                var length = sender.ProtectRtp(header, payload, packet);
                Assert.Equal(header.Length + payload.Length + SrtpProfileParameters.Of(profile).RtpExpansion, length);

                var forged = packet[..length];
                forged[random.Next(length)] ^= (byte)(1 << random.Next(8));
                Assert.NotEqual(SrtpResult.Ok, receiver.UnprotectRtp(forged, header.Length, out var forgedLength));
                Assert.Equal(0, forgedLength);
                Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtp(packet.AsSpan(0, length), header.Length, out var plain));
                Assert.Equal(header, packet[..header.Length]);
                Assert.Equal(payload, packet[header.Length..plain]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Rtcp_comes_back_and_counts_its_own_index(SrtpProfile profile)
    {
        var (sender, receiver) = Pair(profile);
        using (sender)
        using (receiver)
        {
            var random = new Random(12);
            for (var i = 0; i < 300; i++)
            {
                var plain = new byte[8 + (4 * random.Next(30))];
                random.NextBytes(plain);
                BinaryPrimitives.WriteUInt32BigEndian(plain.AsSpan(4), 9);
                var packet = new byte[plain.Length + SrtpProfileParameters.MaxRtcpExpansion];
                var length = sender.ProtectRtcp(plain, packet);
                var forged = packet[..length];
                forged[random.Next(length)] ^= 0x10;
                Assert.NotEqual(SrtpResult.Ok, receiver.UnprotectRtcp(forged, out _));
                var copy = packet[..length];
                Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtcp(packet.AsSpan(0, length), out var plainLength));
                Assert.Equal(plain, packet[..plainLength]);
                Assert.Equal(SrtpResult.Replayed, receiver.UnprotectRtcp(copy, out _));
            }

            Assert.Equal(300, receiver.RtcpCounters[SrtpResult.Ok]);
            Assert.Equal(300, sender.RtcpCounters[SrtpResult.Ok]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_roll_over_counter_survives_loss_and_reordering_around_two_wraps(SrtpProfile profile)
    {
        const int Seed = 5;
        var (sender, receiver) = Pair(profile);
        using (sender)
        using (receiver)
        {
            var random = new Random(Seed);
            var waiting = new List<byte[]>();
            long delivered = 0;
            for (var sequence = 30_000; sequence < 30_000 + 140_000; sequence++)
            {
                if (random.Next(100) < 90)
                {
                    waiting.Add(Protect(sender, sequence & 0xffff));
                }
                else
                {
                    Protect(sender, sequence & 0xffff); // lost
                }

                while (waiting.Count > 20)
                {
                    var next = random.Next(waiting.Count);
                    var result = Unprotect(receiver, waiting[next]);
                    Assert.True(result == SrtpResult.Ok, $"seed {Seed}, sequence {sequence}: {result}");
                    delivered++;
                    if (random.Next(50) == 0)
                    {
                        Assert.Equal(SrtpResult.Replayed, Unprotect(receiver, waiting[next]));
                    }

                    waiting.RemoveAt(next);
                }
            }

            Assert.Equal(delivered, receiver.RtpCounters[SrtpResult.Ok]);
            Assert.Equal(1, receiver.SourceCount);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_replay_is_counted_and_not_an_error_and_a_forgery_moves_nothing(SrtpProfile profile)
    {
        var (sender, receiver) = Pair(profile);
        using (sender)
        using (receiver)
        {
            var first = Protect(sender, 100);
            var second = Protect(sender, 101);
            var forged = second.ToArray();
            BinaryPrimitives.WriteUInt16BigEndian(forged.AsSpan(2), 20_000);
            Assert.Equal(SrtpResult.Ok, Unprotect(receiver, first));
            Assert.Equal(SrtpResult.AuthenticationFailed, Unprotect(receiver, forged));
            Assert.Equal(SrtpResult.Replayed, Unprotect(receiver, first));
            Assert.Equal(SrtpResult.Ok, Unprotect(receiver, second));
            Assert.Equal(1, receiver.RtpCounters[SrtpResult.Replayed]);
        }
    }

    [Fact]
    public void An_index_is_protected_once_or_by_choice_again_but_never_again_with_gcm()
    {
        foreach (var (profile, allow, expected) in new[]
        {
            (SrtpProfile.Aes128CmHmacSha1Tag80, false, SrtpResult.Replayed),
            (SrtpProfile.Aes128CmHmacSha1Tag80, true, SrtpResult.Ok),
            (SrtpProfile.AeadAes128Gcm, true, SrtpResult.Replayed),
        })
        {
            var (sender, receiver) = Pair(profile, new SrtpOptions { AllowRepeatedIndex = allow });
            using (sender)
            using (receiver)
            {
                Protect(sender, 1);
                sender.ProtectRtp(Header(1), "x"u8, new byte[64]);
                Assert.Equal(expected, sender.LastResult);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void What_is_too_short_is_refused_whatever_the_header_length_claims(SrtpProfile profile)
    {
        var (sender, receiver) = Pair(profile);
        using (sender)
        using (receiver)
        {
            for (var length = 0; length < 40; length++)
            {
                for (var header = -1; header < 45; header += 4)
                {
                    Assert.NotEqual(SrtpResult.Ok, receiver.UnprotectRtp(new byte[length], header, out _));
                }

                Assert.NotEqual(SrtpResult.Ok, receiver.UnprotectRtcp(new byte[length], out _));
            }

            Assert.Equal(0, sender.ProtectRtp(new byte[11], default, new byte[100]));
            Assert.Equal(SrtpResult.TooShort, sender.LastResult);
            Assert.Equal(0, sender.ProtectRtp(Header(1), new byte[20], new byte[12 + 20 + SrtpProfileParameters.Of(profile).RtpExpansion - 1]));
            Assert.Equal(SrtpResult.BufferTooSmall, sender.LastResult);
            Assert.Equal(0, sender.ProtectRtcp(new byte[7], new byte[100]));
            Assert.Equal(SrtpResult.TooShort, sender.LastResult);
        }
    }

    [Fact]
    public void Sources_are_bounded_and_forgeries_make_none()
    {
        var (sender, receiver) = Pair(SrtpProfile.AeadAes128Gcm, new SrtpOptions { MaxReceiveSources = 20 });
        using (sender)
        using (receiver)
        {
            for (uint ssrc = 0; ssrc < 100; ssrc++)
            {
                var forged = Protect(sender, 1, 1000 + ssrc);
                forged[^1] ^= 1;
                Assert.Equal(SrtpResult.AuthenticationFailed, Unprotect(receiver, forged));
            }

            for (uint ssrc = 0; ssrc < 30; ssrc++)
            {
                Assert.Equal(ssrc < 20 ? SrtpResult.Ok : SrtpResult.TooManySources, Unprotect(receiver, Protect(sender, 1, ssrc * 0x10000)));
            }

            Assert.Equal(20, receiver.SourceCount);
            Assert.Equal(SrtpResult.Ok, Unprotect(receiver, Protect(sender, 2, 3 * 0x10000)));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_payload_may_lie_where_it_lands(SrtpProfile profile)
    {
        var (sender, receiver) = Pair(profile);
        using (sender)
        using (receiver)
        {
            var packet = new byte[100];
            Header(9).CopyTo(packet, 0);
            "in place"u8.CopyTo(packet.AsSpan(12));
            var length = sender.ProtectRtp(packet.AsSpan(0, 12), packet.AsSpan(12, 8), packet);
            Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtp(packet.AsSpan(0, length), 12, out var plain));
            Assert.Equal("in place"u8, packet.AsSpan(12, plain - 12));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Nothing_is_allocated_per_packet(SrtpProfile profile)
    {
        var (sender, receiver) = Pair(profile);
        using (sender)
        using (receiver)
        {
            var header = Header(0);
            var payload = new byte[1188];
            var rtcp = new byte[64];
            var packet = new byte[1300];
            int number = 0;
            int passed = 0;
            Assert.Equal(0, AllocationMeter.Count(2000, () =>
            {
                BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)number++);
                var length = sender.ProtectRtp(header, payload, packet);
                var result = receiver.UnprotectRtp(packet.AsSpan(0, length), 12, out _);
                var rtcpLength = sender.ProtectRtcp(rtcp, packet);
                var rtcpResult = receiver.UnprotectRtcp(packet.AsSpan(0, rtcpLength), out _);
                passed += result == SrtpResult.Ok && rtcpResult == SrtpResult.Ok ? 1 : 0;
            }));
            Assert.Equal(number, passed);
        }
    }

    [Fact]
    public void Wiped_keys_are_zero_and_unusable()
    {
        var master = Master(SrtpProfile.AeadAes128Gcm);
        var memory = master.Key;
        Assert.True(memory.ContainsAnyExcept((byte)0));
        master.Dispose();
        Assert.False(memory.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => new SrtpProtector(master));
        Assert.DoesNotContain("key:", master.ToString(), StringComparison.OrdinalIgnoreCase);

        var (sender, receiver) = Pair(SrtpProfile.AeadAes128Gcm);
        sender.Dispose();
        receiver.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sender.ProtectRtp(Header(1), default, new byte[100]));
        Assert.Throws<ObjectDisposedException>(() => receiver.UnprotectRtp(new byte[100], 12, out _));
    }
}
