using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;

namespace Crosspoint.Rtc.Tests.Ice;

/// <summary>What a peer may make an agent keep and do is bounded by the options.</summary>
public class IceLimitTests
{
    private static readonly IceCredentials Theirs = new("clie", "clientpasswordclientpassword");

    [Fact]
    public void Remote_candidates_beyond_the_limit_are_refused_and_counted()
    {
        IceAgent agent = Agent(IceSimulation.FullControlling with { MaxRemoteCandidates = 4 }, locals: 1);
        bool[] added = [.. Enumerable.Range(0, 10).Select(i => agent.AddRemoteCandidate(Instant.Zero, Remote(i)))];
        Assert.Equal([true, true, true, true, false, false, false, false, false, false], added);
        Assert.Equal(6, agent.Statistics.Drops.Of(IceDropReason.TooManyCandidates));
        Assert.Equal(4, Checked(agent).Count);
    }

    [Fact]
    public void A_candidate_told_twice_takes_no_second_place_and_counts_as_no_drop()
    {
        IceAgent agent = Agent(IceSimulation.FullControlling with { MaxRemoteCandidates = 2 }, locals: 1);
        Assert.True(agent.AddRemoteCandidate(Instant.Zero, Remote(0)));
        Assert.False(agent.AddRemoteCandidate(Instant.Zero, Remote(0)));
        Assert.True(agent.AddRemoteCandidate(Instant.Zero, Remote(1)));
        Assert.Equal(0, agent.Statistics.Drops.Of(IceDropReason.TooManyCandidates));
    }

    [Fact]
    public void A_full_checklist_keeps_the_pairs_of_highest_priority()
    {
        // From low to high, so that each one pushes out the lowest.
        IceAgent agent = Agent(IceSimulation.FullControlling with { MaxPairs = 5 }, locals: 2);
        for (int i = 0; i < 10; i++)
        {
            agent.AddRemoteCandidate(Instant.Zero, Remote(i) with { Priority = (uint)(1000 + i) });
        }

        List<TransportAddress> seen = Checked(agent);
        Assert.Equal(5, seen.Count);
        Assert.All(seen, address => Assert.InRange(address.Port, 7007, 7009));
    }

    [Fact]
    public void A_full_checklist_refuses_what_is_lower()
    {
        IceAgent agent = Agent(IceSimulation.FullControlling with { MaxPairs = 3 }, locals: 1);
        for (int i = 0; i < 10; i++)
        {
            agent.AddRemoteCandidate(Instant.Zero, Remote(i) with { Priority = (uint)(1000 - i) });
        }

        Assert.Equal(7, agent.Statistics.Drops.Of(IceDropReason.TooManyCandidates));
        Assert.Equal([7000, 7001, 7002], Checked(agent).Select(address => (int)address.Port).Order());
    }

    [Fact]
    public void More_local_candidates_than_the_limit_are_a_mistake_of_the_owner()
    {
        IceAgent agent = Agent(IceSimulation.Lite with { MaxLocalCandidates = 2 }, locals: 2);
        Assert.Throws<InvalidOperationException>(() => agent.AddLocalCandidate(IceCandidate.Host(IceSimulation.RightAddress)));
    }

    private static IceAgent Agent(IceAgentOptions options, int locals)
    {
        IceAgent agent = new(options, new("serv", "serverpasswordserverpassword"), new SeededRandomSource(1));
        for (int i = 0; i < locals; i++)
        {
            agent.AddLocalCandidate(IceCandidate.Host(IceSimulation.Address($"198.51.100.{1 + i}", 5000), (ushort)(60_000 - i)));
        }

        return agent;
    }

    private static IceCandidate Remote(int number) =>
        IceCandidate.Host(IceSimulation.RightAddress with { Port = (ushort)(7000 + number) }) with { Base = default, Foundation = $"f{number}" };

    // Every path the agent tries in the time it has.
    private static List<TransportAddress> Checked(IceAgent agent)
    {
        HashSet<(TransportAddress, TransportAddress)> paths = [];
        byte[] buffer = new byte[IceAgent.MaxDatagramLength];
        Instant now = Instant.Zero;
        agent.SetRemoteCredentials(now, Theirs);
        for (int i = 0; i < 100; i++)
        {
            while (agent.TryTransmit(now, buffer, out Transmit transmit))
            {
                paths.Add((transmit.Local, transmit.Remote));
            }

            now += TimeSpan.FromMilliseconds(50);
            agent.HandleTimeout(now);
        }

        return [.. paths.Select(path => path.Item2)];
    }
}
