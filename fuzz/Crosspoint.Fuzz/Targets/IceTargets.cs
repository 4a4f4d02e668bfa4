using System.Buffers.Binary;
using System.Text;
using Crosspoint.Fuzz.Engine;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Fuzz.Targets;

/// <summary>The ICE agent: raw datagrams, and messages signed with the right password, so that what lies behind integrity is reached.</summary>
internal static class IceTargets
{
    private const int MaxSteps = 24;

    private static readonly IceCredentials Local = new("locl", "localpasswordlocalpassword");
    private static readonly IceCredentials Remote = new("remo", "remotepasswordremotepassword");
    private static readonly TransportAddress Here = TransportAddress.FromIPv4(0x7F00_0001, 4000);
    private static readonly TransportAddress There = TransportAddress.FromIPv4(0x7F00_0002, 5000);
    private static readonly TransportAddress Elsewhere = TransportAddress.FromIPv4(0x7F00_0003, 6000);
    private static readonly byte[] Out = new byte[2048];
    private static readonly byte[] Message = new byte[4096];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("ice-raw", Raw, () => StunTargets.Seeds().SelectMany(s => new byte[][] { [0, .. s], [1, .. s], [2, .. s] })),
        new("ice-signed", Signed, SignedSeeds),
    ];

    private static int Raw(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }

        IceAgent agent = Make(input[0]);
        var now = Instant.FromMilliseconds(1000);
        var signature = new Signature();
        Drain(agent, now, out _);
        signature.Add(agent.Handle(now, Here, There, input[1..]).Reason);
        signature.Add(Drain(agent, now, out _));
        signature.Add(agent.State);
        return signature.Value;
    }

    // | agent | then steps: flags | attribute bytes in words | type, length, value … |
    // flags: 0-1 class, 2 with our username, 3 the transaction id of the agent's last check, 4 from elsewhere, 5 time passes, 6 unsigned, 7 other method
    private static int Signed(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }

        IceAgent agent = Make(input[0]);
        input = input[1..];
        var now = Instant.FromMilliseconds(1000);
        var signature = new Signature();
        StunTransactionId last = default;
        for (int i = 0; i < MaxSteps && input.Length >= 2; i++)
        {
            byte flags = input[0];
            int length = Math.Min(input[1] * 4, input.Length - 2);
            ReadOnlySpan<byte> attributes = input.Slice(2, length);
            input = input[(2 + length)..];
            if ((flags & 0x20) != 0)
            {
                now += TimeSpan.FromMilliseconds(20 + (length * 50));
                agent.HandleTimeout(now);
            }

            Drain(agent, now, out StunTransactionId sent);
            last = sent == default ? last : sent;
            int bytes = Write(flags, attributes, (flags & 8) != 0 ? last : new StunTransactionId(5, (ulong)i));
            if (bytes > 0)
            {
                signature.Add(agent.Handle(now, Here, (flags & 0x10) != 0 ? Elsewhere : There, Message.AsSpan(0, bytes)).Reason);
            }
        }

        signature.Add(agent.State);
        signature.Add(agent.Role);
        signature.Add(Drain(agent, now, out _) > 0);
        return signature.Value;
    }

    private static int Write(byte flags, ReadOnlySpan<byte> attributes, StunTransactionId id)
    {
        var kind = (StunClass)(flags & 3);
        bool response = (flags & 2) != 0; // success or error
        var writer = new StunWriter(Message, kind, (flags & 0x80) != 0 ? (StunMethod)3 : StunMethod.Binding, id);
        if ((flags & 4) != 0)
        {
            writer.Add(StunAttributeType.Username, "locl:remo"u8);
        }

        while (attributes.Length >= 4)
        {
            var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(attributes);
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(attributes[2..]), attributes.Length - 4);
            writer.Add(type, attributes.Slice(4, length));
            attributes = attributes[Math.Min(attributes.Length, 4 + ((length + 3) & ~3))..];
        }

        if ((flags & 0x40) == 0)
        {
            writer.AddMessageIntegrity(Encoding.UTF8.GetBytes(response ? Remote.Password : Local.Password));
        }

        writer.AddFingerprint();
        return writer.TryFinish(out int total) ? total : 0;
    }

    private static IceAgent Make(byte selector)
    {
        using (Exempt.Begin())
        {
            var options = new IceAgentOptions
            {
                Mode = selector % 3 == 0 ? IceMode.Lite : IceMode.Full,
                Role = selector % 3 == 1 ? IceRole.Controlling : IceRole.Controlled,
            };
            var agent = new IceAgent(options, Local, new SeededRandomSource(selector));
            agent.AddLocalCandidate(IceCandidate.Host(Here));
            agent.SetRemoteCredentials(Instant.FromMilliseconds(1000), Remote);
            agent.AddRemoteCandidate(Instant.FromMilliseconds(1000), IceCandidate.Host(There));
            return agent;
        }
    }

    private static int Drain(IceAgent agent, Instant now, out StunTransactionId sent)
    {
        sent = default;
        int count = 0;
        while (agent.TryTransmit(now, Out, out Transmit transmit))
        {
            count++;
            if (StunMessage.TryParse(Out.AsSpan(0, transmit.Length), out StunMessage message) && message.Class == StunClass.Request)
            {
                sent = message.TransactionId;
            }

            if (count > 1000)
            {
                throw new InvalidOperationException("The agent never stops sending.");
            }
        }

        while (agent.TryDequeue(out _))
        {
            count += 1000;
        }

        return count;
    }

    private static IEnumerable<byte[]> SignedSeeds()
    {
        byte[] controlling = [.. Attribute(StunAttributeType.Priority, [0x6E, 0, 1, 0xFF]), .. Attribute(StunAttributeType.IceControlling, new byte[8])];
        byte[] nominate = [.. controlling, .. Attribute(StunAttributeType.UseCandidate, [])];
        byte[] controlled = [.. Attribute(StunAttributeType.Priority, [0x6E, 0, 1, 0xFF]), .. Attribute(StunAttributeType.IceControlled, [255, 1, 1, 1, 1, 1, 1, 1])];
        byte[] mapped = Attribute(StunAttributeType.XorMappedAddress, [0, 1, 0x2E, 0xB2, 0x5E, 0x12, 0xA4, 0x43]);
        byte[] conflict = Attribute(StunAttributeType.ErrorCode, [0, 0, 4, 87]);
        yield return [0, .. Step(4, controlling), .. Step(4, nominate), .. Step(0x24, nominate), .. Step(0x14, nominate), .. Step(1, [])];
        yield return [1, .. Step(0x20 | 4, controlled), .. Step(0x20 | 8 | 2, mapped), .. Step(0x20, []), .. Step(0x20 | 8 | 2, mapped), .. Step(0x20 | 8 | 2, mapped)];
        yield return [1, .. Step(0x20 | 4, controlling), .. Step(0x20 | 8 | 3, conflict), .. Step(4, controlled)];
        yield return [2, .. Step(4, nominate), .. Step(0x20 | 8 | 2, mapped), .. Step(0x20 | 0x14, nominate), .. Step(0x20 | 8 | 0x12, mapped), .. Step(0x40, controlling)];
    }

    private static byte[] Step(byte flags, byte[] attributes) => [flags, (byte)(attributes.Length / 4), .. attributes];

    private static byte[] Attribute(StunAttributeType type, byte[] value) => [(byte)((ushort)type >> 8), (byte)type, 0, (byte)value.Length, .. value];
}
