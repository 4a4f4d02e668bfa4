using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Tests.Simulation;

namespace Crosspoint.Rtc.Tests.Ice;

/// <summary>Both ends behind a NAT, each told what a STUN server saw of the other: checks from both sides open the way, where there is one.</summary>
public class IceTwoNatTests
{
    private static readonly TransportAddress StunServer = IceSimulation.Address("192.0.2.1", 3478);

    // RFC 4787 in short: a mapping that depends on the destination cannot be foretold, so the other side must accept a port it was not told.
    [Theory]
    [InlineData(NatKind.FullCone, NatKind.FullCone, true)]
    [InlineData(NatKind.FullCone, NatKind.Symmetric, true)]
    [InlineData(NatKind.AddressRestricted, NatKind.PortRestricted, true)]
    [InlineData(NatKind.AddressRestricted, NatKind.Symmetric, true)]
    [InlineData(NatKind.PortRestricted, NatKind.PortRestricted, true)]
    [InlineData(NatKind.PortRestricted, NatKind.Symmetric, false)]
    [InlineData(NatKind.Symmetric, NatKind.PortRestricted, false)]
    [InlineData(NatKind.Symmetric, NatKind.Symmetric, false)]
    public void Two_agents_behind_nats_meet_where_a_way_exists(NatKind left, NatKind right, bool meet)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var leftNat = new VirtualNat(left, IceSimulation.Address("192.0.2.77", 0));
            var rightNat = new VirtualNat(right, IceSimulation.Address("192.0.2.88", 0));
            IceSimulation simulation = new(seed, IceSimulation.FullControlling, IceSimulation.FullControlled, IceConnectivityTests.Link(seed), leftNat, rightNat);
            Exchange(simulation, leftNat, rightNat);
            Assert.Equal(meet, simulation.Connect(TimeSpan.FromSeconds(45)));
            if (meet)
            {
                Assert.Equal((rightNat.PublicIp, leftNat.PublicIp), (simulation.Left.Selected.Remote.Ip, simulation.Right.Selected.Remote.Ip));
            }
            else
            {
                Assert.Equal((IceState.Failed, IceFailureReason.ChecksTimedOut), (simulation.Left.Agent.State, simulation.Left.Agent.FailureReason));
            }
        }
    }

    private static void Exchange(IceSimulation simulation, VirtualNat leftNat, VirtualNat rightNat)
    {
        IceCandidate left = Reflexive(simulation.LeftBase, leftNat);
        IceCandidate right = Reflexive(simulation.RightBase, rightNat);
        Tell(simulation, simulation.Left, simulation.Right.Agent.LocalCredentials, right);
        Tell(simulation, simulation.Right, simulation.Left.Agent.LocalCredentials, left);
    }

    // What the STUN server would have answered.
    private static IceCandidate Reflexive(TransportAddress basis, VirtualNat nat) => new()
    {
        Address = nat.Outbound(basis, StunServer),
        Base = basis,
        Type = IceCandidateType.ServerReflexive,
        Component = 1,
        Priority = IcePriority.Of(IceCandidateType.ServerReflexive, IceTcpType.None, ushort.MaxValue, 1),
        Foundation = "srflx",
        RelatedAddress = basis,
    };

    private static void Tell(IceSimulation simulation, IceEndpoint who, IceCredentials credentials, in IceCandidate candidate)
    {
        who.Agent.SetRemoteCredentials(simulation.Network.Now, credentials);
        Assert.True(who.Agent.AddRemoteCandidate(simulation.Network.Now, candidate));
        who.Agent.EndOfRemoteCandidates(simulation.Network.Now);
    }
}
