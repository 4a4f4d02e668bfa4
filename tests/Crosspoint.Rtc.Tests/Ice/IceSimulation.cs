using System.Net;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Tests.Simulation;

namespace Crosspoint.Rtc.Tests.Ice;

/// <summary>Two agents on one virtual network, with a signalling channel that trickles in any order.</summary>
internal sealed class IceSimulation
{
    public static readonly TransportAddress LeftAddress = Address("198.51.100.1", 5000);
    public static readonly TransportAddress RightAddress = Address("203.0.113.1", 6000);

    public IceSimulation(int seed, IceAgentOptions left, IceAgentOptions right, LinkProfile? link = null, VirtualNat? leftNat = null, VirtualNat? rightNat = null)
    {
        Network = new(seed);
        LeftBase = leftNat is null ? LeftAddress : Address("10.0.0.2", 5000);
        RightBase = rightNat is null ? RightAddress : Address("10.1.0.2", 6000);
        Left = new(new(left, IceCredentials.Create(new SeededRandomSource(seed)), new SeededRandomSource(seed + 1_000_000)));
        Right = new(new(right, IceCredentials.Create(new SeededRandomSource(seed + 500_000)), new SeededRandomSource(seed + 2_000_000)));
        Network.Attach(Left, LeftBase, leftNat, link);
        Network.Attach(Right, RightBase, rightNat, link);
        Left.Agent.AddLocalCandidate(IceCandidate.Host(LeftBase));
        Right.Agent.AddLocalCandidate(IceCandidate.Host(RightBase));
    }

    public static IceAgentOptions FullControlling => new() { Mode = IceMode.Full, Role = IceRole.Controlling };

    public static IceAgentOptions FullControlled => new() { Mode = IceMode.Full, Role = IceRole.Controlled };

    public static IceAgentOptions Lite => new() { Mode = IceMode.Lite };

    public VirtualNetwork Network { get; }

    public TransportAddress LeftBase { get; }

    public TransportAddress RightBase { get; }

    public IceEndpoint Left { get; }

    public IceEndpoint Right { get; }

    public bool BothConnected => Left.Agent.State == IceState.Connected && Right.Agent.State == IceState.Connected;

    public static TransportAddress Address(string ip, int port, TransportProtocol protocol = TransportProtocol.Udp) =>
        TransportAddress.From(IPAddress.Parse(ip), port, protocol);

    /// <summary>Each piece of signalling takes its own time, up to <paramref name="upTo"/>.</summary>
    public void Signal(TimeSpan upTo, bool leftCandidates = true, bool rightCandidates = true)
    {
        Deliver(Left, Right, upTo, leftCandidates);
        Deliver(Right, Left, upTo, rightCandidates);
    }

    public void Deliver(IceEndpoint from, IceEndpoint to, TimeSpan upTo, bool candidates)
    {
        IceCredentials credentials = from.Agent.LocalCredentials;
        At(upTo, to, now => to.Agent.SetRemoteCredentials(now, credentials));
        foreach (IceCandidate candidate in from.Agent.LocalCandidates.Where(c => candidates && c.Type == IceCandidateType.Host))
        {
            string line = IceCandidateAttribute.Format(candidate);
            At(upTo, to, now =>
            {
                Assert.Equal(IceCandidateParseResult.Ok, IceCandidateAttribute.Parse(line, out IceCandidate parsed, out _));
                to.Agent.AddRemoteCandidate(now, parsed);
            });
        }

        At(upTo, to, to.Agent.EndOfRemoteCandidates);
    }

    public bool Connect(TimeSpan within) => Network.RunUntil(() => BothConnected, within);

    private void At(TimeSpan upTo, IceEndpoint who, Action<Instant> action) => Network.Schedule(upTo * Network.Random.NextDouble(), () =>
    {
        action(Network.Now);
        Network.Drain(who);
    });
}
