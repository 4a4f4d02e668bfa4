using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Tests.Simulation;

namespace Crosspoint.Rtc.Tests.Ice;

/// <summary>Agents meet over every kind of bad network. A failing seed is in the message; run it alone by putting it into the loop.</summary>
public class IceConnectivityTests
{
    private const int SeedsPerShape = 60;

    public static TheoryData<string> Shapes => new("full-full", "full-lite", "lite-full", "both-controlling", "both-controlled", "lite-misled");

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Agents_connect_over_lossy_reordering_links_whatever_the_order_of_signalling(string shape)
    {
        for (int seed = 0; seed < SeedsPerShape; seed++)
        {
            IceSimulation simulation = Make(shape, seed, Link(seed));
            simulation.Signal(TimeSpan.FromMilliseconds(seed % 3 * 200));
            Assert.True(simulation.Connect(TimeSpan.FromSeconds(39)), $"{shape} seed {seed}: {simulation.Left.Agent.State}/{simulation.Right.Agent.State}");
            AssertAgreement(simulation, $"{shape} seed {seed}");
        }
    }

    [Theory]
    [InlineData(NatKind.OneToOne)]
    [InlineData(NatKind.FullCone)]
    [InlineData(NatKind.AddressRestricted)]
    [InlineData(NatKind.PortRestricted)]
    [InlineData(NatKind.Symmetric)]
    public void An_agent_behind_a_nat_is_reached_as_a_peer_reflexive_candidate(NatKind kind)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var nat = new VirtualNat(kind, IceSimulation.Address("192.0.2.77", 0));
            IceAgentOptions right = (seed & 1) == 0 ? IceSimulation.Lite : IceSimulation.FullControlled;
            var simulation = new IceSimulation(seed, IceSimulation.FullControlling, right, Link(seed), nat);
            simulation.Signal(TimeSpan.FromMilliseconds(100));
            Assert.True(simulation.Connect(TimeSpan.FromSeconds(39)), $"{kind} seed {seed}");
            Assert.Equal(nat.PublicIp, simulation.Right.Selected.Remote.Ip);
            Assert.Contains(simulation.Left.Events, e => e.Kind == IceEventKind.LocalCandidatePrflx && e.Candidate.Address.Ip == nat.PublicIp);
        }
    }

    [Fact]
    public void One_side_without_any_signalled_candidates_is_enough()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            IceSimulation simulation = Make("full-full", seed, Link(seed));
            simulation.Signal(TimeSpan.FromMilliseconds(50), leftCandidates: (seed & 1) == 0, rightCandidates: (seed & 1) == 1);
            Assert.True(simulation.Connect(TimeSpan.FromSeconds(39)), $"seed {seed}");
            AssertAgreement(simulation, $"seed {seed}");
        }
    }

    [Fact]
    public void On_a_clean_network_it_takes_three_round_trips_at_most()
    {
        IceSimulation simulation = Make("full-lite", 1, LinkProfile.Perfect);
        Instant start = simulation.Network.Now;
        simulation.Signal(TimeSpan.Zero);
        Assert.True(simulation.Connect(TimeSpan.FromSeconds(1)));
        Assert.InRange((simulation.Network.Now - start).TotalMilliseconds, 1, 61);
        Assert.Equal(20, simulation.Left.Agent.Statistics.SmoothedRoundTrip.TotalMilliseconds, 1);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        Assert.Equal(Trace(7), Trace(7));
        Assert.NotEqual(Trace(7), Trace(8));

        static string Trace(int seed)
        {
            IceSimulation simulation = Make("full-full", seed, Link(29));
            simulation.Signal(TimeSpan.FromMilliseconds(300));
            simulation.Network.Run(TimeSpan.FromSeconds(20));
            return $"{simulation.Network.Sent} {simulation.Network.Lost} {simulation.Left.Agent.Statistics.SmoothedRoundTrip} {string.Join(',', simulation.Left.Events.Select(e => e.Kind))}";
        }
    }

    internal static LinkProfile Link(int seed) => new()
    {
        Delay = TimeSpan.FromMilliseconds(5 + (seed % 7 * 10)),
        Loss = seed % 7 * 0.025, // each way crosses two links: up to 28 % of datagrams
        Duplication = seed % 3 * 0.1,
        Reorder = seed % 4 * 0.1,
        Jitter = TimeSpan.FromMilliseconds(seed % 5 * 8),
    };

    private static IceSimulation Make(string shape, int seed, LinkProfile link) => shape switch
    {
        "full-full" => new(seed, IceSimulation.FullControlling, IceSimulation.FullControlled, link),
        "full-lite" => new(seed, IceSimulation.FullControlling, IceSimulation.Lite, link),
        "lite-full" => new(seed, IceSimulation.Lite, IceSimulation.FullControlling, link),
        "both-controlling" => new(seed, IceSimulation.FullControlling, IceSimulation.FullControlling, link),
        "both-controlled" => new(seed, IceSimulation.FullControlled, IceSimulation.FullControlled, link),
        _ => new(seed, IceSimulation.FullControlled, IceSimulation.Lite, link),
    };

    private static void AssertAgreement(IceSimulation simulation, string what)
    {
        Assert.True(simulation.Left.Agent.Role != simulation.Right.Agent.Role, what);
        Assert.Equal(simulation.Left.Selected.Local, simulation.Right.Selected.Remote);
        Assert.Equal(simulation.Right.Selected.Local, simulation.Left.Selected.Remote);
        Assert.True(simulation.Left.Agent.IsValidated(simulation.Left.Selected.Local, simulation.Left.Selected.Remote), what);
    }
}
