using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Stun;
using Crosspoint.Rtc.Tests.Simulation;

namespace Crosspoint.Rtc.Tests.Ice;

/// <summary>RFC 8445 nominates once; a peer of RFC 5245 nominates with every check, and must not make us wander between its pairs.</summary>
public class IceAggressiveNominationTests
{
    private static readonly IceCredentials Ours = new("serv", "serverpasswordserverpassword");
    private static readonly IceCredentials Theirs = new("clie", "clientpasswordclientpassword");
    private static readonly TransportAddress Server = IceSimulation.RightAddress;
    private static readonly TransportAddress[] Addresses =
        [IceSimulation.Address("198.51.100.1", 5000), IceSimulation.Address("198.51.100.2", 5000), IceSimulation.Address("198.51.100.3", 5000)];

    private readonly byte[] _buffer = new byte[1024];
    private Instant _now = Instant.FromMilliseconds(1000);
    private uint _id;

    [Fact]
    public void Over_bad_networks_it_ends_on_the_best_pair_that_works_for_both()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            VirtualNetwork network = new(seed);
            IceEndpoint right = new(new(IceSimulation.FullControlled, Ours, new SeededRandomSource(seed)));
            AggressivePeer peer = new(Theirs, Ours, Server, Addresses, new Random(seed));
            network.Attach(right, Server, null, IceConnectivityTests.Link(seed));
            foreach (TransportAddress address in Addresses)
            {
                network.Attach(peer, address, null, IceConnectivityTests.Link(seed + address.GetHashCode()));
            }

            right.Agent.AddLocalCandidate(IceCandidate.Host(Server));
            right.Agent.SetRemoteCredentials(network.Now, Theirs);
            Assert.True(network.RunUntil(() => peer.Best == 0 && right.Selected.Remote == Addresses[0], TimeSpan.FromSeconds(39)), $"seed {seed}: {right.Selected}");
            Assert.Equal(IceRole.Controlled, right.Agent.Role);
            Assert.Equal(IceState.Connected, right.Agent.State);
        }
    }

    [Fact]
    public void A_lower_pair_does_not_displace_a_higher_one_that_is_still_confirmed()
    {
        IceAgent agent = Agent();
        Nominate(agent, 1);
        AssertSelected(agent, 1);
        Nominate(agent, 0);
        AssertSelected(agent, 0);
        for (int i = 0; i < 20; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            Nominate(agent, 0);
            Nominate(agent, 1);
            Nominate(agent, 2);
            AssertSelected(agent, 0);
        }

        Assert.Equal(2, agent.Statistics.SelectedPairChanges);
    }

    [Fact]
    public void A_lower_pair_is_taken_when_the_higher_one_is_no_longer_confirmed()
    {
        IceAgent agent = Agent();
        Nominate(agent, 0);
        Nominate(agent, 1);
        AssertSelected(agent, 0);
        _now += TimeSpan.FromSeconds(3);
        Nominate(agent, 1);
        AssertSelected(agent, 1);
    }

    private static IceAgent Agent()
    {
        IceAgent agent = new(IceSimulation.FullControlled, Ours, new SeededRandomSource(1));
        agent.AddLocalCandidate(IceCandidate.Host(Server));
        agent.SetRemoteCredentials(Instant.FromMilliseconds(1000), Theirs);
        return agent;
    }

    private static void AssertSelected(IceAgent agent, int index)
    {
        Assert.True(agent.TryGetSelectedPair(out _, out TransportAddress remote));
        Assert.Equal(Addresses[index], remote);
    }

    // One check of the peer with its flag; what the agent asks back is answered.
    private void Nominate(IceAgent agent, int index)
    {
        Assert.False(agent.Handle(_now, Server, Addresses[index], AggressivePeer.Check(Theirs, Ours, new(++_id, 0), (uint)(1000 - index))).IsDropped);
        for (int i = 0; i < 10; i++)
        {
            while (agent.TryTransmit(_now, _buffer, out Transmit transmit))
            {
                Assert.True(StunMessage.TryParse(_buffer.AsSpan(0, transmit.Length), out StunMessage message));
                if (message.Class == StunClass.Request)
                {
                    agent.Handle(_now, Server, transmit.Remote, AggressivePeer.Answer(Theirs, message.TransactionId, Server));
                }
            }

            _now += TimeSpan.FromMilliseconds(10);
            agent.HandleTimeout(_now);
        }
    }
}
