using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Tests.Simulation;

namespace Crosspoint.Rtc.Tests.Ice;

/// <summary>What happens to a call after it was set up: restarts, silence, new addresses, closed connections.</summary>
public class IceLifecycleTests
{
    private static readonly LinkProfile Fair = new() { Delay = TimeSpan.FromMilliseconds(10), Loss = 0.02, Jitter = TimeSpan.FromMilliseconds(5) };

    [Theory]
    [InlineData(IceMode.Full)]
    [InlineData(IceMode.Lite)]
    public void Media_continues_through_a_restart(IceMode rightMode)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            IceSimulation simulation = Connected(seed, rightMode, Fair);
            IceCredentials oldRight = simulation.Right.Agent.LocalCredentials;
            Traffic(simulation, 400);
            simulation.Network.Run(TimeSpan.FromSeconds(1));
            Restart(simulation, seed);
            Assert.True(simulation.Left.Agent.IsRestarting);
            Assert.True(simulation.Network.RunUntil(() => !simulation.Left.Agent.IsRestarting && !simulation.Right.Agent.IsRestarting, TimeSpan.FromSeconds(39)), $"seed {seed}");
            simulation.Network.Run(TimeSpan.FromSeconds(4));
            Assert.NotEqual(oldRight.UsernameFragment, simulation.Right.Agent.LocalCredentials.UsernameFragment);
            AssertNoGap(simulation.Left, seed);
            AssertNoGap(simulation.Right, seed);
            Assert.True(simulation.BothConnected);
            Assert.Contains(simulation.Left.Events, e => e.Kind == IceEventKind.Restarted);
        }
    }

    [Theory]
    [InlineData(IceMode.Full)]
    [InlineData(IceMode.Lite)]
    public void A_restart_that_the_peer_never_follows_does_not_end_the_call(IceMode rightMode)
    {
        IceSimulation simulation = Connected(3, rightMode, Fair);
        simulation.Right.Agent.Restart(simulation.Network.Now, IceCredentials.Create(new SeededRandomSource(99)));
        simulation.Network.Run(TimeSpan.FromMinutes(3));
        Assert.True(simulation.BothConnected);
        Assert.True(simulation.Right.Agent.IsRestarting);
    }

    [Theory]
    [InlineData(IceMode.Full)]
    [InlineData(IceMode.Lite)]
    public void When_the_peer_vanishes_consent_expires_after_thirty_seconds(IceMode rightMode)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            IceSimulation simulation = Connected(seed, rightMode, LinkProfile.Perfect);
            IceEndpoint survivor = (seed & 1) == 0 ? simulation.Right : simulation.Left;
            simulation.Network.Run(TimeSpan.FromSeconds(20));
            simulation.Network.Detach(survivor == simulation.Right ? simulation.Left : simulation.Right);
            Instant start = simulation.Network.Now;
            Assert.True(simulation.Network.RunUntil(() => survivor.Agent.State == IceState.Disconnected, TimeSpan.FromSeconds(13)), $"seed {seed}");
            Assert.True(survivor.Agent.TryGetSelectedPair(out _, out _));
            Assert.True(simulation.Network.RunUntil(() => survivor.Agent.State == IceState.Failed, TimeSpan.FromSeconds(60)), $"seed {seed}");
            Assert.InRange((simulation.Network.Now - start).TotalSeconds, 23, 31);
            Assert.Equal(IceFailureReason.ConsentExpired, survivor.Agent.FailureReason);
            Assert.False(survivor.Agent.TryGetSelectedPair(out _, out _));
            Assert.Equal(survivor.Agent.NextTimeout, Instant.Never);
        }
    }

    [Fact]
    public void A_failed_agent_comes_back_with_a_restart()
    {
        IceSimulation simulation = Connected(5, IceMode.Lite, LinkProfile.Perfect);
        simulation.Network.SetLink(IceSimulation.RightAddress, new() { Loss = 1 });
        Assert.True(simulation.Network.RunUntil(() => simulation.Left.Agent.State == IceState.Failed && simulation.Right.Agent.State == IceState.Failed, TimeSpan.FromSeconds(40)));
        simulation.Network.SetLink(IceSimulation.RightAddress, LinkProfile.Perfect);
        Restart(simulation, 5);
        Assert.True(simulation.Connect(TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData(IceMode.Full)]
    [InlineData(IceMode.Lite)]
    public void A_short_outage_is_survived(IceMode rightMode)
    {
        IceSimulation simulation = Connected(6, rightMode, LinkProfile.Perfect);
        simulation.Network.SetLink(IceSimulation.RightAddress, new() { Loss = 1 });
        simulation.Network.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(IceState.Disconnected, simulation.Left.Agent.State);
        Assert.Equal(IceState.Disconnected, simulation.Right.Agent.State);
        simulation.Network.SetLink(IceSimulation.RightAddress, LinkProfile.Perfect);
        Assert.True(simulation.Connect(TimeSpan.FromSeconds(8)));
    }

    [Fact]
    public void Consent_stays_fresh_for_an_hour_at_about_one_check_in_five_seconds()
    {
        IceSimulation simulation = Connected(8, IceMode.Full, Fair);
        simulation.Network.Run(TimeSpan.FromHours(1));
        Assert.True(simulation.BothConnected);
        Assert.InRange(simulation.Left.Agent.Statistics.ConsentChecksSent, 3600 / 6, 3600 / 4);
        Assert.DoesNotContain(simulation.Left.Events, e => e.State == IceState.Failed);
    }

    [Theory]
    [InlineData(IceMode.Full, NatKind.PortRestricted)]
    [InlineData(IceMode.Lite, NatKind.PortRestricted)]
    [InlineData(IceMode.Lite, NatKind.Symmetric)]
    public void A_peer_whose_nat_forgot_it_is_followed_to_its_new_address(IceMode rightMode, NatKind kind)
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var nat = new VirtualNat(kind, IceSimulation.Address("192.0.2.77", 0));
            IceSimulation simulation = Connected(seed, rightMode, Fair, nat);
            simulation.Network.Run(TimeSpan.FromSeconds(10));
            nat.Rebind(IceSimulation.Address("192.0.2.99", 0));
            Assert.True(simulation.Network.RunUntil(() => simulation.Right.Selected.Remote.Ip == nat.PublicIp, TimeSpan.FromSeconds(25)), $"seed {seed}");
            int before = simulation.Left.Media.Count;
            simulation.Right.SendMedia(simulation.Network, 1);
            simulation.Right.SendMedia(simulation.Network, 2);
            simulation.Right.SendMedia(simulation.Network, 3);
            simulation.Network.Run(TimeSpan.FromSeconds(1));
            Assert.True(simulation.Left.Media.Count > before, $"seed {seed}");
        }
    }

    [Fact]
    public void A_lite_agent_follows_a_controlling_peer_that_loses_its_interface()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            IceSimulation simulation = Connected(seed, IceMode.Lite, Fair);
            TransportAddress cellular = IceSimulation.Address("198.51.100.200", 7000);
            simulation.Network.Attach(simulation.Left, cellular, null, Fair);
            simulation.Left.Agent.AddLocalCandidate(IceCandidate.Host(cellular, 100));
            simulation.Network.Run(TimeSpan.FromSeconds(5));
            simulation.Network.Detach(simulation.LeftBase);
            simulation.Left.Agent.RemoveLocalCandidate(simulation.Network.Now, simulation.LeftBase);
            Assert.True(simulation.Network.RunUntil(() => simulation.BothConnected && simulation.Right.Selected.Remote == cellular, TimeSpan.FromSeconds(20)), $"seed {seed}");
            Assert.Equal(cellular, simulation.Left.Selected.Local);
            Assert.Contains(simulation.Right.Events, e => e.Kind == IceEventKind.SelectedPairChanged && e.Previous.Remote == simulation.LeftBase && e.Selected.Remote == cellular);
        }
    }

    [Fact]
    public void Without_candidates_an_agent_fails_with_no_pairs()
    {
        IceSimulation simulation = new(1, IceSimulation.FullControlling, IceSimulation.FullControlled);
        simulation.Signal(TimeSpan.Zero, leftCandidates: false, rightCandidates: false);
        simulation.Network.Run(TimeSpan.FromSeconds(39));
        Assert.Equal(IceState.Checking, simulation.Left.Agent.State);
        simulation.Network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal((IceState.Failed, IceFailureReason.NoCandidatePairs), (simulation.Left.Agent.State, simulation.Left.Agent.FailureReason));
    }

    [Fact]
    public void When_nothing_gets_through_checks_time_out()
    {
        IceSimulation simulation = new(1, IceSimulation.FullControlling, IceSimulation.FullControlled, new() { Loss = 1 });
        simulation.Signal(TimeSpan.Zero);
        Assert.True(simulation.Network.RunUntil(() => simulation.Left.Agent.State == IceState.Failed, TimeSpan.FromSeconds(40)));
        Assert.Equal(IceFailureReason.ChecksTimedOut, simulation.Left.Agent.FailureReason);
        Assert.Equal(1, simulation.Left.Agent.Statistics.ChecksSent);
        Assert.Equal(15, simulation.Left.Agent.Statistics.ChecksRetransmitted);
    }

    [Fact]
    public void With_udp_blocked_a_passive_tcp_candidate_connects_and_its_closing_is_noticed()
    {
        IceSimulation simulation = new(2, IceSimulation.FullControlling, IceSimulation.Lite, new() { Loss = 1 });
        TransportAddress left = IceSimulation.LeftAddress with { Protocol = TransportProtocol.Tcp };
        TransportAddress right = IceSimulation.RightAddress with { Protocol = TransportProtocol.Tcp };
        simulation.Network.Attach(simulation.Left, left);
        simulation.Network.Attach(simulation.Right, right);
        simulation.Left.Agent.AddLocalCandidate(IceCandidate.HostTcpActive(left));
        simulation.Right.Agent.AddLocalCandidate(IceCandidate.Host(right));
        simulation.Signal(TimeSpan.Zero);
        Assert.True(simulation.Connect(TimeSpan.FromSeconds(3)));
        Assert.Equal(new IcePath(right, left), simulation.Right.Selected);

        simulation.Network.Detach(simulation.Left);
        simulation.Right.Agent.HandlePathClosed(simulation.Network.Now, right, left);
        Assert.Equal(IceState.Disconnected, simulation.Right.Agent.State);
        Assert.False(simulation.Right.Agent.TryGetSelectedPair(out _, out _));
        Assert.False(simulation.Right.Agent.IsValidated(right, left));
        simulation.Network.Run(TimeSpan.FromSeconds(31));
        Assert.Equal((IceState.Failed, IceFailureReason.RemoteClosed), (simulation.Right.Agent.State, simulation.Right.Agent.FailureReason));
    }

    [Theory]
    [InlineData("203.0.113.9", "192.168.7.7")]
    [InlineData("2001:db8::9", "fd00::7")]
    public void An_announced_ip_stands_for_another_base(string announced, string inside)
    {
        TransportAddress publicAddress = IceSimulation.Address(announced, 6000);
        TransportAddress basis = IceSimulation.Address(inside, 6000);
        TransportAddress client = IceSimulation.Address(publicAddress.IsIPv4 ? "198.51.100.3" : "2001:db8::3", 5000);
        var network = new VirtualNetwork(1);
        var left = new IceEndpoint(new(IceSimulation.FullControlling, IceCredentials.Create(new SeededRandomSource(1)), new SeededRandomSource(2)));
        var right = new IceEndpoint(new(IceSimulation.Lite, IceCredentials.Create(new SeededRandomSource(3)), new SeededRandomSource(4)));
        network.Attach(left, client);
        network.Attach(right, basis, new VirtualNat(NatKind.OneToOne, publicAddress));
        left.Agent.AddLocalCandidate(IceCandidate.Host(client));
        right.Agent.AddLocalCandidate(IceCandidate.Host(basis, publicAddress, 1));
        left.Agent.SetRemoteCredentials(network.Now, right.Agent.LocalCredentials);
        left.Agent.AddRemoteCandidate(network.Now, right.Agent.LocalCandidates[0]);
        Assert.True(network.RunUntil(() => left.Agent.State == IceState.Connected, TimeSpan.FromSeconds(1)));
        Assert.Equal(new IcePath(client, publicAddress), left.Selected);
        Assert.Equal(new IcePath(basis, client), right.Selected);
    }

    [Fact]
    public void Close_is_final()
    {
        IceSimulation simulation = Connected(1, IceMode.Full, LinkProfile.Perfect);
        simulation.Left.Agent.Close();
        simulation.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(IceState.Closed, simulation.Left.Agent.State);
        Assert.True(simulation.Left.Agent.Statistics.Drops.Of(IceDropReason.Closed) > 0);
        Assert.Throws<ObjectDisposedException>(() => simulation.Left.Agent.Restart(simulation.Network.Now, simulation.Left.Agent.LocalCredentials));
    }

    private static IceSimulation Connected(int seed, IceMode rightMode, LinkProfile link, VirtualNat? leftNat = null)
    {
        IceAgentOptions right = rightMode == IceMode.Lite ? IceSimulation.Lite : IceSimulation.FullControlled;
        IceSimulation simulation = new(seed, IceSimulation.FullControlling, right, link, leftNat);
        simulation.Signal(TimeSpan.FromMilliseconds(20));
        Assert.True(simulation.Connect(TimeSpan.FromSeconds(20)), $"seed {seed}");
        return simulation;
    }

    private static void Restart(IceSimulation simulation, int seed)
    {
        simulation.Left.Agent.Restart(simulation.Network.Now, IceCredentials.Create(new SeededRandomSource(seed + 7_000_000)));
        simulation.Right.Agent.Restart(simulation.Network.Now, IceCredentials.Create(new SeededRandomSource(seed + 8_000_000)));
        simulation.Signal(TimeSpan.FromMilliseconds(100));
    }

    private static void Traffic(IceSimulation simulation, int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            int number = i;
            simulation.Network.Schedule(TimeSpan.FromMilliseconds(20 * i), () =>
            {
                Assert.True(simulation.Left.SendMedia(simulation.Network, number));
                Assert.True(simulation.Right.SendMedia(simulation.Network, number));
            });
        }
    }

    private static void AssertNoGap(IceEndpoint endpoint, int seed)
    {
        Assert.Equal(0, endpoint.UnvalidatedMedia);
        Assert.True(endpoint.Media.Count > 200, $"seed {seed}");
        for (int i = 1; i < endpoint.Media.Count; i++)
        {
            // 4 % loss: five in a row of one datagram in 20 ms is not bad luck.
            Assert.True(endpoint.Media[i].At - endpoint.Media[i - 1].At < TimeSpan.FromMilliseconds(140), $"seed {seed} at {endpoint.Media[i].At}");
        }
    }
}
