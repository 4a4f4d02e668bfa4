using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Tests.Dtls;

public class DtlsHandshakeTests
{
    [Theory]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    public void Two_peers_agree_on_a_profile_and_on_keys(SrtpProfile profile)
    {
        using var pair = new DtlsPair(new DtlsSessionOptions { Profiles = [profile] }).ExchangeFingerprints().Start();
        Assert.True(pair.Connect());
        Assert.Equal(profile, pair.Client.NegotiatedProfile);
        Assert.Equal(profile, pair.Server.NegotiatedProfile);
        AssertSameKeys(pair);
        Assert.Equal([DtlsState.Connecting, DtlsState.Connected], pair.ClientEvents.Select(e => e.State));
        Assert.Equal([DtlsState.Connecting, DtlsState.Connected], pair.ServerEvents.Select(e => e.State));
        Assert.Equal(0, pair.Client.Counters.Retransmissions + pair.Server.Counters.Retransmissions);
        Assert.True(pair.Client.NextTimeout.IsNever && pair.Server.NextTimeout.IsNever);
    }

    [Fact]
    public void The_servers_preference_decides_the_profile()
    {
        var client = new DtlsSessionOptions { Profiles = [SrtpProfile.Aes128CmHmacSha1Tag80, SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm] };
        var server = new DtlsSessionOptions { Profiles = [SrtpProfile.AeadAes256Gcm, SrtpProfile.AeadAes128Gcm] };
        using var pair = new DtlsPair(client, server).ExchangeFingerprints().Start();
        Assert.True(pair.Connect());
        Assert.Equal(SrtpProfile.AeadAes256Gcm, pair.Client.NegotiatedProfile);
    }

    [Theory]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, SrtpProfile.AeadAes256Gcm, SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1Tag80, SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, SrtpProfile.AeadAes256Gcm, SrtpProfile.None, SrtpProfile.AeadAes256Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, SrtpProfile.None, SrtpProfile.None, SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void We_choose_the_cheapest_profile_whatever_the_client_likes_best(SrtpProfile first, SrtpProfile second, SrtpProfile third, SrtpProfile expected)
    {
        SrtpProfile[] offered = [.. new[] { first, second, third }.Where(profile => profile != SrtpProfile.None)];
        using var pair = new DtlsPair(new DtlsSessionOptions { Profiles = offered }, new DtlsSessionOptions()).ExchangeFingerprints().Start();
        Assert.True(pair.Connect());
        Assert.Equal(expected, pair.Client.NegotiatedProfile);
        Assert.Equal(expected, pair.Server.NegotiatedProfile);
    }

    [Fact]
    public void Without_a_common_profile_both_fail()
    {
        using var pair = new DtlsPair(
            new DtlsSessionOptions { Profiles = [SrtpProfile.AeadAes128Gcm] },
            new DtlsSessionOptions { Profiles = [SrtpProfile.AeadAes256Gcm] }).ExchangeFingerprints().Start();
        Assert.False(pair.Connect());
        Assert.Equal((DtlsState.Failed, DtlsCloseReason.NoSrtpProfile), (pair.Client.State, pair.Client.CloseReason));
        Assert.NotEqual(DtlsState.Connected, pair.Server.State);
    }

    [Theory]
    [InlineData(1200)]
    [InlineData(548)]
    [InlineData(300)]
    [InlineData(256)]
    public void No_datagram_is_longer_than_the_mtu(int mtu)
    {
        var options = new DtlsSessionOptions { Mtu = mtu };
        using var pair = new DtlsPair(options, options).ExchangeFingerprints().Start();
        Assert.True(pair.Connect());
        Assert.True(pair.Client.TrySendApplicationData(new byte[pair.Client.MaxApplicationData]));
        pair.Drain();
        Assert.All(pair.Sent, datagram => Assert.InRange(datagram.Length, 1, mtu));
        if (mtu == 1200)
        {
            Assert.True(pair.Sent.Count <= 6, $"records share datagrams: {pair.Sent.Count}");
        }
    }

    public static TheoryData<int, double, int> BadLinks()
    {
        var data = new TheoryData<int, double, int>();
        for (var seed = 0; seed < 40; seed++)
        {
            data.Add(seed, seed % 2 == 0 ? 0.1 : 0.3, seed % 4 < 2 ? 1200 : 548);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(BadLinks))]
    public void A_link_that_loses_reorders_and_duplicates_only_delays(int seed, double loss, int mtu)
    {
        var options = new DtlsSessionOptions { Mtu = mtu };
        using var pair = new DtlsPair(options, options, seed) { Loss = loss, Duplication = 0.2, Jitter = TimeSpan.FromMilliseconds(60) }
            .ExchangeFingerprints().Start();
        Assert.True(pair.Connect(), $"seed {seed}, loss {loss}, mtu {mtu}: client {pair.Client.State} {pair.Client.CloseReason}, server {pair.Server.State} {pair.Server.CloseReason}");
        AssertSameKeys(pair);
    }

    [Fact]
    public void Each_flight_is_sent_again_when_it_is_lost()
    {
        for (var lost = 0; lost < 6; lost++)
        {
            var count = 0;
            using var pair = new DtlsPair().ExchangeFingerprints();
            var index = lost;
            pair.Tap = (_, bytes) => count++ == index ? null : bytes;
            pair.Start();
            Assert.True(pair.Connect(), $"datagram {lost} lost");
        }
    }

    [Fact]
    public void Retransmissions_follow_our_clock_and_stop_with_the_timeout()
    {
        using var pair = new DtlsPair { Loss = 1 }.ExchangeFingerprints().Start();
        var start = pair.Now;
        Assert.False(pair.Connect());
        Assert.Equal((DtlsState.Failed, DtlsCloseReason.HandshakeTimeout), (pair.Client.State, pair.Client.CloseReason));
        Assert.Equal((DtlsState.Failed, DtlsCloseReason.HandshakeTimeout), (pair.Server.State, pair.Server.CloseReason));
        Assert.Equal(8, pair.Client.Counters.Retransmissions);
        Assert.Equal(TimeSpan.FromSeconds(20), pair.Now - start);
        Assert.Equal(9, pair.Sent.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(60)]
    public void A_truncated_datagram_only_delays(int missing)
    {
        for (var which = 0; which < 5; which++)
        {
            var count = 0;
            using var pair = new DtlsPair().ExchangeFingerprints();
            var index = which;
            pair.Tap = (_, bytes) => count++ == index ? bytes[..Math.Max(0, bytes.Length - missing)] : bytes;
            pair.Start();
            Assert.True(pair.Connect(), $"datagram {which} truncated by {missing}");
        }
    }

    internal static void AssertSameKeys(DtlsPair pair)
    {
        Assert.True(pair.Client.TryExportSrtpKeys(out var client));
        Assert.True(pair.Server.TryExportSrtpKeys(out var server));
        using (client)
        using (server)
        {
            Assert.Equal(client!.Profile, server!.Profile);
            Assert.True(client.Send.Key.SequenceEqual(server.Receive.Key) && client.Send.Salt.SequenceEqual(server.Receive.Salt));
            Assert.True(client.Receive.Key.SequenceEqual(server.Send.Key) && client.Receive.Salt.SequenceEqual(server.Send.Salt));
            Assert.False(client.Send.Key.SequenceEqual(client.Receive.Key));
            using var protector = new SrtpProtector(client.Send);
            using var unprotector = new SrtpUnprotector(server.Receive);
            byte[] header = [0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
            var packet = new byte[64];
            var length = protector.ProtectRtp(header, "hello"u8, packet);
            Assert.Equal(SrtpResult.Ok, unprotector.UnprotectRtp(packet.AsSpan(0, length), 12, out var plain));
            Assert.Equal("hello"u8, packet.AsSpan(12, plain - 12));
        }
    }
}
