using System.Text;
using Crosspoint.Fuzz.Engine;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Demux;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Fuzz.Targets;

/// <summary>STUN messages, candidate lines and the first look at a datagram.</summary>
internal static class StunTargets
{
    private static readonly StunAttributeType[] Known = [StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.Fingerprint];

    private static readonly string[] CandidateWords = [" typ ", " tcptype ", " raddr ", " rport ", "4294967296", "::1", ".local", "candidate:", "srflx", "  ", "\u0000", "a="];

    private static readonly string[] CandidateLines =
    [
        "candidate:842163049 1 udp 1677729535 192.0.2.1 46154 typ srflx raddr 10.0.0.1 rport 46154 generation 0 ufrag EEtu network-id 3",
        "a=candidate:1 1 tcp 1518280447 2001:db8::1 9 typ host tcptype active",
        "candidate:2 1 UDP 2122252543 8a7d5a1c-0000-4000-8000-000000000000.local 50000 typ host",
        "candidate:3 2 udp 1 192.0.2.7 1 typ relay raddr 0.0.0.0 rport 0",
        "",
    ];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("stun-parse", Parse, Seeds),
        new("demux", Classify, () => [.. Seeds(), .. RtpTargets.Seeds(), .. RtcpTargets.Seeds(), [22, 254, 253], [0x40, 1]]),
        new("ice-candidate-line", CandidateLine, Lines) { Words = [.. CandidateWords.Select(Encoding.UTF8.GetBytes)] },
    ];

    internal static IEnumerable<byte[]> Seeds()
    {
        byte[] key = Encoding.UTF8.GetBytes("passwordpasswordpassword");
        var address = TransportAddress.FromIPv4(0x7F00_0001, 4000);
        foreach (StunClass kind in Enum.GetValues<StunClass>())
        {
            byte[] bytes = new byte[600];
            var writer = new StunWriter(bytes, kind, StunMethod.Binding, new StunTransactionId(1, 2));
            writer.Add(StunAttributeType.Username, "aaaa:bbbb"u8);
            writer.AddUInt32(StunAttributeType.Priority, 0x6E00_01FF);
            writer.AddUInt64(StunAttributeType.IceControlling, 77);
            writer.AddFlag(StunAttributeType.UseCandidate);
            writer.AddXorAddress(StunAttributeType.XorMappedAddress, address);
            writer.AddErrorCode(StunErrorCode.RoleConflict);
            writer.AddMessageIntegrity(key);
            writer.AddMessageIntegritySha256(key);
            writer.AddFingerprint();
            yield return writer.TryFinish(out int length) ? bytes[..length] : [];
        }
    }

    private static int Parse(ReadOnlySpan<byte> input)
    {
        var signature = new Signature();
        signature.Add(StunUsername.TryReadLocalFragment(input, out ReadOnlySpan<byte> fragment));
        signature.AddMagnitude(fragment.Length);
        StunParseResult result = StunMessage.Parse(input, out StunMessage message);
        signature.Add(result);
        if (result != StunParseResult.Ok)
        {
            return signature.Value;
        }

        int attributes = 0;
        foreach (StunAttribute attribute in message.Attributes)
        {
            attributes++;
            _ = attribute.Value.Length + (attribute.IsComprehensionRequired ? 1 : 0);
        }

        Span<ushort> unknown = stackalloc ushort[8];
        signature.Add(message.Class);
        signature.AddMagnitude(attributes);
        signature.Add(message.TryGetXorMappedAddress(TransportProtocol.Udp, out TransportAddress mapped) ? (mapped.IsIPv4 ? 1 : 2) : 0);
        signature.Add(message.TryGetAddress(StunAttributeType.MappedAddress, TransportProtocol.Udp, out _));
        signature.Add(message.TryGetErrorCode(out _, out _));
        signature.Add(message.TryGetUInt32(StunAttributeType.Priority, out _));
        signature.Add(message.TryGetUInt64(StunAttributeType.IceControlled, out _));
        signature.Add(message.FindUnknownRequired(Known, unknown));
        signature.Add(StunFingerprint.Verify(message));
        signature.Add(StunIntegrity.Verify(message, "passwordpasswordpassword"u8));
        return signature.Value;
    }

    private static int Classify(ReadOnlySpan<byte> input) => (int)PacketClassifier.Classify(input);

    private static int CandidateLine(ReadOnlySpan<byte> input)
    {
        string line = Encoding.UTF8.GetString(input);
        var signature = new Signature();
        IceCandidateParseResult result = IceCandidateAttribute.Parse(line, out IceCandidate candidate, out string? name);
        signature.Add(result);
        signature.Add(name is not null);
        if (result == IceCandidateParseResult.Ok)
        {
            signature.Add(candidate.Type);
            signature.Add(candidate.TcpType);
            string again = IceCandidateAttribute.Format(candidate);
            if (IceCandidateAttribute.Parse(again, out IceCandidate parsed, out _) != IceCandidateParseResult.Ok || parsed.Address != candidate.Address || parsed.Type != candidate.Type)
            {
                throw new InvalidOperationException("A candidate that was parsed does not survive formatting: " + again);
            }
        }

        return signature.Value;
    }

    private static IEnumerable<byte[]> Lines() => CandidateLines.Select(Encoding.UTF8.GetBytes);
}
