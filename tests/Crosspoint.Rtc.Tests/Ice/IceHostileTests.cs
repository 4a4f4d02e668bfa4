using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Tests.Ice;

/// <summary>Checks that are wrong in one way each, and floods of them.</summary>
public class IceHostileTests
{
    private static readonly TransportAddress Server = IceSimulation.RightAddress;
    private static readonly TransportAddress Client = IceSimulation.LeftAddress;
    private static readonly IceCredentials Credentials = new("serv", "serverpasswordserverpassword");

    private readonly byte[] _buffer = new byte[1024];
    private Instant _now = Instant.FromMilliseconds(1);

    public static TheoryData<string, IceDropReason, StunErrorCode> Wrongs => new()
    {
        { "good", IceDropReason.None, StunErrorCode.None },
        { "no-username", IceDropReason.CredentialsMissing, StunErrorCode.BadRequest },
        { "no-integrity", IceDropReason.CredentialsMissing, StunErrorCode.BadRequest },
        { "other-username", IceDropReason.UnknownUsername, StunErrorCode.Unauthenticated },
        { "other-password", IceDropReason.IntegrityMismatch, StunErrorCode.Unauthenticated },
        { "unknown-attribute", IceDropReason.UnknownAttribute, StunErrorCode.UnknownAttribute },
        { "no-priority", IceDropReason.BadRequest, StunErrorCode.BadRequest },
        { "both-roles", IceDropReason.BadRequest, StunErrorCode.BadRequest },
        { "controlled", IceDropReason.RoleConflict, StunErrorCode.RoleConflict },
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void Each_wrong_check_has_its_reason_and_its_answer(string kind, IceDropReason reason, StunErrorCode answer)
    {
        IceAgent agent = Agent();
        Assert.Equal(reason, agent.Handle(_now, Server, Client, Check(kind)).Reason);
        Assert.True(agent.TryTransmit(_now, _buffer, out Transmit transmit));
        Assert.Equal((Server, Client), (transmit.Local, transmit.Remote));
        Assert.True(StunMessage.TryParse(_buffer.AsSpan(0, transmit.Length), out StunMessage response));
        Assert.True(StunFingerprint.Verify(response));
        response.TryGetErrorCode(out StunErrorCode code, out _);
        Assert.Equal(answer, code);
        bool authenticated = reason is not (IceDropReason.CredentialsMissing or IceDropReason.UnknownUsername or IceDropReason.IntegrityMismatch);
        Assert.Equal(authenticated ? StunIntegrityResult.Ok : StunIntegrityResult.Missing, StunIntegrity.Verify(response, "serverpasswordserverpassword"u8));
        Assert.Equal(reason == IceDropReason.None, agent.IsValidated(Server, Client));
        Assert.False(agent.TryTransmit(_now, _buffer, out _));
        Assert.Equal(reason == IceDropReason.None ? 0 : 1, agent.Statistics.Drops.Of(reason));
    }

    [Fact]
    public void An_unknown_attribute_is_named_in_the_answer()
    {
        IceAgent agent = Agent();
        agent.Handle(_now, Server, Client, Check("unknown-attribute"));
        Assert.True(agent.TryTransmit(_now, _buffer, out Transmit transmit));
        Assert.True(StunMessage.TryParse(_buffer.AsSpan(0, transmit.Length), out StunMessage response));
        Assert.True(response.TryGet(StunAttributeType.UnknownAttributes, out ReadOnlySpan<byte> types));
        Assert.Equal("7777", Convert.ToHexString(types));
    }

    [Fact]
    public void What_is_not_a_fingerprinted_binding_gets_no_answer()
    {
        IceAgent agent = Agent();
        byte[] check = Check("good");
        byte[] changed = (byte[])check.Clone();
        changed[^1] ^= 1;
        byte[] bare = check[..^8];
        bare[3] -= 8;
        byte[] allocate = (byte[])check.Clone();
        allocate[1] = 3;
        Assert.Equal(IceDropReason.FingerprintMismatch, agent.Handle(_now, Server, Client, changed).Reason);
        Assert.Equal(IceDropReason.FingerprintMissing, agent.Handle(_now, Server, Client, bare).Reason);
        Assert.Equal(IceDropReason.UnexpectedMethod, agent.Handle(_now, Server, Client, allocate).Reason);
        Assert.Equal(IceDropReason.Malformed, agent.Handle(_now, Server, Client, check.AsSpan(1)).Reason);
        Assert.Equal(IceDropReason.UnknownLocalAddress, agent.Handle(_now, Client, Client, check).Reason);
        Assert.False(agent.TryTransmit(_now, _buffer, out _));
        Assert.Equal(IceState.New, agent.State);
    }

    [Fact]
    public void A_flood_with_wrong_passwords_changes_nothing_and_keeps_nothing()
    {
        IceAgent agent = Agent();
        agent.Handle(_now, Server, Client, Check("good", useCandidate: true));
        byte[] wrong = Check("other-password");
        Drain(agent);
        for (int i = 0; i < 5_000; i++)
        {
            agent.Handle(_now, Server, Client with { Port = (ushort)(1 + i) }, wrong);
            if ((i & 63) == 0)
            {
                Drain(agent);
            }
        }

        Assert.Equal(IceState.Connected, agent.State);
        Assert.Equal(5_000, agent.Statistics.Drops.Of(IceDropReason.IntegrityMismatch));
        Assert.True(agent.TryGetSelectedPair(out _, out TransportAddress remote));
        Assert.Equal(Client, remote);
        Assert.False(agent.IsValidated(Server, Client with { Port = 17 }));
        Assert.InRange(Drain(agent), 0, new IceAgentOptions().MaxQueuedResponses);
    }

    [Fact]
    public void A_peer_that_hops_addresses_pushes_out_only_its_own_oldest_ones()
    {
        IceAgent agent = Agent();
        agent.Handle(_now, Server, Client, Check("good", useCandidate: true));
        for (int i = 1; i <= 1000; i++)
        {
            _now += TimeSpan.FromMilliseconds(1);
            Assert.False(agent.Handle(_now, Server, Client with { Port = (ushort)(10_000 + i) }, Check("good")).IsDropped);
            Drain(agent);
        }

        int validated = Enumerable.Range(10_001, 1000).Count(p => agent.IsValidated(Server, Client with { Port = (ushort)p }));
        Assert.Equal(new IceAgentOptions().MaxPeerReflexiveCandidates - 1, validated);
        Assert.True(agent.IsValidated(Server, Client));
        Assert.True(agent.IsValidated(Server, Client with { Port = 11_000 }));
    }

    [Fact]
    public void The_latest_use_candidate_wins()
    {
        IceAgent agent = Agent();
        TransportAddress other = Client with { Port = 9999 };
        agent.Handle(_now, Server, Client, Check("good", useCandidate: true));
        agent.Handle(_now, Server, other, Check("good", useCandidate: true));
        Assert.True(agent.TryGetSelectedPair(out _, out TransportAddress remote));
        Assert.Equal(other, remote);
        agent.Handle(_now, Server, Client, Check("good"));
        agent.TryGetSelectedPair(out _, out remote);
        Assert.Equal(other, remote);
        agent.Handle(_now, Server, Client, Check("good", useCandidate: true));
        agent.TryGetSelectedPair(out _, out remote);
        Assert.Equal(Client, remote);
    }

    [Fact]
    public void On_a_socket_of_every_interface_each_address_of_ours_is_a_path_of_its_own()
    {
        TransportAddress everywhere = new(UInt128.Zero, Server.Port, TransportProtocol.Udp);
        TransportAddress second = Server with { Ip = Server.Ip + 1 };
        TransportAddress behindNat = TransportAddress.FromIPv4(0xC633_6407, Server.Port);
        var agent = new IceAgent(new(), Credentials, new SeededRandomSource(1));
        agent.AddLocalCandidate(IceCandidate.Host(everywhere, behindNat, 2));
        agent.AddLocalCandidate(IceCandidate.Host(everywhere, second, 1));

        foreach (TransportAddress local in new[] { Server, second })
        {
            Assert.False(agent.IsValidated(local, Client));
            Assert.False(agent.Handle(_now, local, Client, Check("good", useCandidate: true)).IsDropped);
            Assert.True(agent.TryTransmit(_now, _buffer, out Transmit answer));
            Assert.Equal((local, Client), (answer.Local, answer.Remote));
            Assert.True(agent.IsValidated(local, Client));
            Assert.True(agent.TryGetSelectedPair(out TransportAddress selected, out _));
            Assert.Equal(local, selected);
        }

        Assert.Equal(IceDropReason.UnknownLocalAddress, agent.Handle(_now, second with { Port = 1 }, Client, Check("good")).Reason);
    }

    [Fact]
    public void A_forged_response_does_not_end_a_transaction()
    {
        IceAgent agent = Asking(out StunTransactionId id);
        Assert.Equal(IceDropReason.IntegrityMismatch, agent.Handle(_now, Client, Server, Response(id, "wrong"u8)).Reason);
        Assert.Equal(IceDropReason.IntegrityMissing, agent.Handle(_now, Client, Server, Response(id, default)).Reason);
        Assert.Equal(IceDropReason.UnknownTransaction, agent.Handle(_now, Client, Server, Response(default, "serverpasswordserverpassword"u8)).Reason);
        Assert.Equal(IceDropReason.None, agent.Handle(_now, Client, Server, Response(id, "serverpasswordserverpassword"u8)).Reason);
        Assert.True(agent.IsValidated(Client, Server));
    }

    [Fact]
    public void A_response_from_elsewhere_fails_the_check()
    {
        IceAgent agent = Asking(out StunTransactionId id);
        byte[] response = Response(id, "serverpasswordserverpassword"u8);
        Assert.Equal(IceDropReason.AsymmetricResponse, agent.Handle(_now, Client, Server with { Port = 1 }, response).Reason);
        Assert.False(agent.IsValidated(Client, Server));
    }

    [Fact]
    public void A_lite_agent_answers_a_check_without_allocating()
    {
        IceAgent agent = Agent();
        byte[] check = Check("good", useCandidate: true);
        int answered = 0;
        Assert.Equal(0, AllocationMeter.Count(200, () =>
        {
            Answer(agent, check);
            answered++;
        }));
        Assert.Equal(answered, agent.Statistics.ResponsesSent);
    }

    [Fact]
    public void Mutated_checks_never_throw()
    {
        byte[] good = Check("good", useCandidate: true);
        for (int seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = (byte[])good.Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            IceAgent agent = Agent();
            try
            {
                agent.Handle(_now, Server, Client, bytes);
                Drain(agent);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }
    }

    // A client's agent whose first check is under way.
    private IceAgent Asking(out StunTransactionId id)
    {
        var agent = new IceAgent(IceSimulation.FullControlling, new("clie", "clientpasswordclientpassword"), new SeededRandomSource(1));
        agent.AddLocalCandidate(IceCandidate.Host(Client));
        agent.AddRemoteCandidate(_now, IceCandidate.Host(Server) with { Base = default });
        agent.SetRemoteCredentials(_now, Credentials);
        Assert.True(agent.TryTransmit(_now, _buffer, out Transmit transmit));
        Assert.True(StunMessage.TryParse(_buffer.AsSpan(0, transmit.Length), out StunMessage request));
        id = request.TransactionId;
        return agent;
    }

    private static IceAgent Agent()
    {
        var agent = new IceAgent(new(), Credentials, new SeededRandomSource(1));
        agent.AddLocalCandidate(IceCandidate.Host(Server));
        return agent;
    }

    private static byte[] Check(string kind, bool useCandidate = false)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, new(1, 2));
        if (kind != "no-username")
        {
            writer.Add(StunAttributeType.Username, kind == "other-username" ? "nobody:clie"u8 : "serv:clie"u8);
        }

        if (kind != "no-priority")
        {
            writer.AddUInt32(StunAttributeType.Priority, 1000);
        }

        if (kind is "both-roles" or "controlled")
        {
            writer.AddUInt64(StunAttributeType.IceControlled, 1);
        }

        if (kind != "controlled")
        {
            writer.AddUInt64(StunAttributeType.IceControlling, 1);
        }

        if (kind == "unknown-attribute")
        {
            writer.AddUInt32((StunAttributeType)0x7777, 1);
        }

        if (useCandidate)
        {
            writer.AddFlag(StunAttributeType.UseCandidate);
        }

        if (kind != "no-integrity")
        {
            writer.AddMessageIntegrity(kind == "other-password" ? "guess"u8 : "serverpasswordserverpassword"u8);
        }

        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out int length));
        return buffer[..length];
    }

    private static byte[] Response(StunTransactionId id, ReadOnlySpan<byte> key)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunClass.Success, StunMethod.Binding, id);
        writer.AddXorAddress(StunAttributeType.XorMappedAddress, Client);
        if (!key.IsEmpty)
        {
            writer.AddMessageIntegrity(key);
        }

        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out int length));
        return buffer[..length];
    }

    private void Answer(IceAgent agent, byte[] check)
    {
        agent.Handle(_now, Server, Client, check);
        if (!agent.TryTransmit(_now, _buffer, out _))
        {
            throw new InvalidOperationException("no answer");
        }

        while (agent.TryDequeue(out _))
        {
        }
    }

    private int Drain(IceAgent agent)
    {
        int count = 0;
        while (agent.TryTransmit(_now, _buffer, out _))
        {
            count++;
        }

        return count;
    }
}
