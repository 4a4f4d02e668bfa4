using Crosspoint.Rtc.Ice;

namespace Crosspoint.Rtc.Tests.Ice;

public class IceCandidateAttributeTests
{
    [Theory]
    [InlineData("candidate:1 1 udp 2122260223 192.0.2.1 54400 typ host")]
    [InlineData("candidate:842163049 1 udp 1677729535 203.0.113.5 3478 typ srflx raddr 192.168.1.2 rport 54400")]
    [InlineData("candidate:a+/9 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active")]
    [InlineData("candidate:2 1 tcp 1518280447 2001:db8::1 443 typ host tcptype passive")]
    [InlineData("candidate:3 2 udp 41885439 2001:db8::2 50000 typ relay raddr 203.0.113.5 rport 3478")]
    public void Lines_survive_the_round_trip(string line)
    {
        Assert.Equal(IceCandidateParseResult.Ok, IceCandidateAttribute.Parse(line, out IceCandidate candidate, out string? name));
        Assert.Null(name);
        Assert.Equal(line, IceCandidateAttribute.Format(candidate));
    }

    [Theory]
    [InlineData("a=candidate:1 1 UDP 1 192.0.2.1 1 typ host generation 0 ufrag abcd network-id 1 network-cost 10", IceCandidateParseResult.Ok)]
    [InlineData("1 1 udp 1 192.0.2.1 1 typ host", IceCandidateParseResult.Ok)]
    [InlineData("candidate:1 1 udp 1 192.0.2.1 1 typ host odd", IceCandidateParseResult.Ok)]
    [InlineData("candidate:1 1 udp 1 3f2a0b6c-1111-2222-3333-444455556666.local 1 typ host", IceCandidateParseResult.Name)]
    [InlineData("", IceCandidateParseResult.EndOfCandidates)]
    [InlineData("a=end-of-candidates", IceCandidateParseResult.EndOfCandidates)]
    [InlineData("candidate:1 1 udp 1 192.0.2.1 1", IceCandidateParseResult.Malformed)]
    [InlineData("candidate:1 0 udp 1 192.0.2.1 1 typ host", IceCandidateParseResult.Malformed)]
    [InlineData("candidate:1 1 udp 4294967296 192.0.2.1 1 typ host", IceCandidateParseResult.Malformed)]
    [InlineData("candidate:1 1 udp -1 192.0.2.1 1 typ host", IceCandidateParseResult.Malformed)]
    [InlineData("candidate:1 1 udp 1 192.0.2.1 65536 typ host", IceCandidateParseResult.Malformed)]
    [InlineData("candidate:1 1 udp 1 <script> 1 typ host", IceCandidateParseResult.Malformed)]
    [InlineData("candidate:123456789012345678901234567890123 1 udp 1 192.0.2.1 1 typ host", IceCandidateParseResult.Malformed)]
    [InlineData("candidate:1 1 udp 1 192.0.2.1 1 typ host raddr 192.0.2.2 rport x", IceCandidateParseResult.Malformed)]
    [InlineData("candidate:1 1 sctp 1 192.0.2.1 1 typ host", IceCandidateParseResult.UnsupportedTransport)]
    [InlineData("candidate:1 1 tcp 1 192.0.2.1 1 typ host", IceCandidateParseResult.UnsupportedTransport)]
    [InlineData("candidate:1 1 udp 1 192.0.2.1 1 typ magic", IceCandidateParseResult.UnsupportedType)]
    public void Every_line_has_a_result(string line, IceCandidateParseResult expected)
    {
        Assert.Equal(expected, IceCandidateAttribute.Parse(line, out _, out string? name));
        Assert.Equal(expected == IceCandidateParseResult.Name, name is not null);
    }

    [Fact]
    public void Mutated_lines_never_throw()
    {
        const string Line = "a=candidate:842163049 1 tcp 1677729535 203.0.113.5 3478 typ srflx raddr 192.168.1.2 rport 54400 tcptype passive x y";
        const string Alphabet = " :.0aZ9-\u00e9\ud83d%/[]";
        for (int seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            char[] line = Line.ToCharArray();
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                line[random.Next(line.Length)] = Alphabet[random.Next(Alphabet.Length)];
            }

            try
            {
                IceCandidateAttribute.Parse(line.AsSpan(0, random.Next(line.Length + 1)), out _, out _);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed} \"{new string(line)}\": {e}");
            }
        }
    }
}
