using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Srtp;
using Crosspoint.Rtc.Tests.Simulation;

namespace Crosspoint.Rtc.Tests.Peer;

public class PeerSessionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void A_client_and_a_server_connect_and_every_packet_arrives_in_each_profile(SrtpProfile profile)
    {
        using PeerSimulation call = new(seed: 1, profiles: [profile]);
        Assert.True(call.Connect(Soon));
        call.Talk(100);

        Assert.Equal(profile, call.Server.Session.Profile);
        Assert.Equal(Enumerable.Range(0, 100), call.Server.Received);
        Assert.Equal(Enumerable.Range(0, 100), call.Client.Received);
        Assert.Equal([PeerState.Connecting, PeerState.Connected], call.Server.States);
        Assert.Equal(0, call.Server.Session.Statistics.Drops.Total);
    }

    [Fact]
    public void Two_full_agents_connect()
    {
        using PeerSimulation call = new(2, serverOptions: new PeerSessionOptions { Ice = new IceAgentOptions { Mode = IceMode.Full, Role = IceRole.Controlled } });
        Assert.True(call.Connect(Soon));
        call.Talk(10);
        Assert.Equal(10, call.Server.Received.Count);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(100, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Peers_connect_over_a_bad_link_and_what_arrives_is_what_was_sent(int seed)
    {
        Random random = new(seed);
        LinkProfile link = new()
        {
            Delay = TimeSpan.FromMilliseconds(random.Next(1, 150)),
            Jitter = TimeSpan.FromMilliseconds(random.Next(0, 40)),
            Loss = random.NextDouble() * 0.2,
            Duplication = random.NextDouble() * 0.1,
            Reorder = random.NextDouble() * 0.2,
        };
        using PeerSimulation call = new(seed, link);
        Assert.True(call.Connect(TimeSpan.FromSeconds(30)), $"seed {seed}: {link} ended as {call.Client.Session.State} ({call.Client.Session.Ice.State}) / {call.Server.Session.State} ({call.Server.Session.Ice.State}) at {call.Network.Now}, sent {call.Network.Sent}, next {call.Client.NextTimeout} {call.Server.NextTimeout}");
        call.Talk(200);

        foreach (PeerEndpoint peer in (PeerEndpoint[])[call.Client, call.Server])
        {
            Assert.Equal(peer.Received.Count, peer.Received.Distinct().Count());
            Assert.InRange(peer.Received.Count, (int)(200 * (1 - link.Loss) * (1 - link.Loss) * 0.7), 200);
            Assert.Equal(0, peer.Session.Statistics.Drops.Of(PeerDropReason.SrtpAuthenticationFailed));
        }
    }

    [Fact]
    public void A_certificate_that_signalling_did_not_name_never_gets_media()
    {
        using PeerSimulation call = new(3);
        call.Introduce(PeerSimulation.WrongFingerprint);
        Assert.True(call.Network.RunUntil(() => call.Server.Session.State == PeerState.Failed, Soon));

        Assert.Equal(PeerReason.DtlsFingerprintMismatch, call.Server.Session.Reason);
        Assert.DoesNotContain(PeerState.Connected, call.Server.States);
        Assert.Null(call.Server.SendMedia(call.Network, 1));
    }

    [Fact]
    public void A_handshake_from_an_address_that_ice_did_not_validate_is_dropped()
    {
        using PeerSimulation call = new(4);
        List<byte[]> hellos = [];
        call.Network.Tap = (_, to, datagram) =>
        {
            if (to == PeerSimulation.ServerAddress && datagram[0] == 22)
            {
                hellos.Add(datagram);
            }

            return true;
        };
        Assert.True(call.Connect(Soon));
        byte[] hello = [.. hellos[0]];

        using PeerSimulation other = new(5);
        other.Introduce();
        Assert.Equal(PeerInput.Dropped, other.Server.Session.Handle(other.Network.Now, PeerSimulation.ServerAddress, PeerSimulation.StrangerAddress, hello, out _));
        Assert.Equal(1, other.Server.Session.Statistics.Drops.Of(PeerDropReason.DtlsFromUnvalidatedSource));
        Assert.False(other.Server.Session.TryTransmit(other.Network.Now, new byte[2000], out _));
    }

    [Fact]
    public void Media_from_elsewhere_forged_replayed_or_early_is_counted_by_reason_and_harms_nobody()
    {
        using PeerSimulation call = new(6);
        byte[] early = new byte[40];
        early[0] = 0x80;
        early[1] = 96;
        call.Server.Receive(call.Network.Now, PeerSimulation.ServerAddress, PeerSimulation.ClientAddress, early);
        Assert.True(call.Connect(Soon));

        byte[] genuine = call.Client.SendMedia(call.Network, 7)!;
        call.Network.Run(TimeSpan.FromMilliseconds(100));
        byte[] forged = [.. genuine];
        forged[3]++;
        call.Server.Receive(call.Network.Now, PeerSimulation.ServerAddress, PeerSimulation.ClientAddress, genuine);
        call.Server.Receive(call.Network.Now, PeerSimulation.ServerAddress, PeerSimulation.ClientAddress, forged);
        call.Server.Receive(call.Network.Now, PeerSimulation.ServerAddress, PeerSimulation.StrangerAddress, genuine);
        call.Server.Receive(call.Network.Now, PeerSimulation.ServerAddress, PeerSimulation.ClientAddress, [0x80, 96, 0]);
        call.Server.Receive(call.Network.Now, PeerSimulation.ServerAddress, PeerSimulation.ClientAddress, [0xFF]);

        PeerDropCounters drops = call.Server.Session.Statistics.Drops;
        Assert.Equal(1, drops.Of(PeerDropReason.MediaBeforeKeys));
        Assert.Equal(1, drops.Of(PeerDropReason.SrtpReplayed));
        Assert.Equal(1, drops.Of(PeerDropReason.SrtpAuthenticationFailed));
        Assert.Equal(1, drops.Of(PeerDropReason.MediaFromUnvalidatedSource));
        Assert.Equal(2, drops.Of(PeerDropReason.RtpMalformed) + drops.Of(PeerDropReason.Unclassified));
        Assert.Equal([7], call.Server.Received);
        call.Talk(5);
        Assert.Equal([7, 0, 1, 2, 3, 4], call.Server.Received);
    }

    [Fact]
    public void Goodbye_reaches_the_other_side_and_wipes_the_keys()
    {
        using PeerSimulation call = new(7);
        Assert.True(call.Connect(Soon));
        call.Client.Session.Close(call.Network.Now);
        call.DrainBoth();
        Assert.True(call.Network.RunUntil(() => call.Server.Session.State == PeerState.Failed, Soon));

        Assert.Equal(PeerReason.ClosedByPeer, call.Server.Session.Reason);
        Assert.Equal(PeerState.Closed, call.Client.Session.State);
        Assert.False(call.Client.Session.CanSendMedia);
        Assert.False(call.Server.Session.CanSendMedia);
    }

    [Fact]
    public void Silence_disconnects_then_fails_and_an_ice_restart_brings_the_peer_back_with_the_same_keys()
    {
        using PeerSimulation call = new(8);
        Assert.True(call.Connect(Soon));
        call.Network.SetLink(PeerSimulation.ClientAddress, new LinkProfile { Loss = 1 });
        call.Network.Run(TimeSpan.FromSeconds(60));
        Assert.Equal([PeerState.Connecting, PeerState.Connected, PeerState.Disconnected, PeerState.Failed], call.Server.States);
        Assert.Equal(PeerReason.IceConsentExpired, call.Server.Session.Reason);

        call.Network.SetLink(PeerSimulation.ClientAddress, LinkProfile.Perfect);
        SeededRandomSource random = new(88);
        call.Server.Session.RestartIce(call.Network.Now, IceCredentials.Create(random));
        call.Client.Session.RestartIce(call.Network.Now, IceCredentials.Create(random));
        call.IntroduceIce();
        Assert.True(call.Network.RunUntil(() => call.AreConnected, Soon));
        call.Talk(10);
        Assert.Equal(10, call.Server.Received.Count);
    }

    [Fact]
    public void Media_goes_on_through_an_ice_restart()
    {
        using PeerSimulation call = new(9);
        Assert.True(call.Connect(Soon));
        call.Talk(10);
        SeededRandomSource random = new(99);
        call.Server.Session.RestartIce(call.Network.Now, IceCredentials.Create(random));
        call.Client.Session.RestartIce(call.Network.Now, IceCredentials.Create(random));
        call.IntroduceIce();
        call.Talk(100);

        Assert.Equal(110, call.Server.Received.Count);
        Assert.Equal([PeerState.Connecting, PeerState.Connected], call.Server.States);
        Assert.False(call.Client.Session.Ice.IsRestarting);
    }

    [Fact]
    public void Every_move_the_table_forbids_is_forbidden_for_a_reason()
    {
        PeerState[] all = Enum.GetValues<PeerState>();
        Assert.All(all, from => Assert.False(from == PeerState.Closed && all.Any(to => PeerStateTransitions.IsLegal(from, to))));
        Assert.All(all.Where(state => state != PeerState.New), to => Assert.False(PeerStateTransitions.IsLegal(to, PeerState.New)));
        Assert.All(all.Where(state => state != PeerState.Closed), from => Assert.True(PeerStateTransitions.IsLegal(from, PeerState.Closed)));
        Assert.False(PeerStateTransitions.IsLegal(PeerState.New, PeerState.Disconnected));
    }

    [Fact]
    public void A_packet_costs_no_allocation_either_way()
    {
        using PeerSimulation call = new(10);
        Assert.True(call.Connect(Soon));
        byte[] header = new byte[12];
        header[0] = 0x80;
        header[1] = 96;
        byte[] payload = new byte[1000];
        byte[] wire = new byte[1100];
        int i = 0;
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            header[2] = (byte)(i >> 8);
            header[3] = (byte)i;
            int length = call.Client.Session.ProtectRtp(header, payload, wire);
            PeerInput input = call.Server.Session.Handle(call.Network.Now, PeerSimulation.ServerAddress, PeerSimulation.ClientAddress, wire.AsSpan(0, length), out _);
            if (input != PeerInput.Rtp)
            {
                Assert.Fail($"packet {i}: {input}");
            }

            i++;
        }));
    }
}
