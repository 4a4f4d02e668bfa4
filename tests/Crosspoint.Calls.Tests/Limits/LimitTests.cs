using System.Net;
using Crosspoint.Calls.Limits;
using Crosspoint.Calls.Options;

namespace Crosspoint.Calls.Tests.Limits;

public class LimitTests
{
    [Fact]
    public void A_window_allows_then_limits_then_calls_it_abuse_and_then_starts_anew()
    {
        ManualTime time = new();
        RateCounter counter = new(RateRule.Table(new RateOptions { Hello = 2 }), time);
        RateVerdict[] verdicts = [.. Enumerable.Range(0, 9).Select(_ => counter.Count(RateBucket.Hello))];
        Assert.Equal([RateVerdict.Allowed, RateVerdict.Allowed, .. Enumerable.Repeat(RateVerdict.Limited, 6), RateVerdict.Abusive], verdicts);
        Assert.Equal(TimeSpan.FromSeconds(30), counter.RetryAfter(RateBucket.Hello));
        Assert.Equal(RateVerdict.Allowed, counter.Count(RateBucket.Auth));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(RateVerdict.Allowed, counter.Count(RateBucket.Hello));
    }

    [Fact]
    public void Sockets_are_counted_by_address_and_in_all_and_given_back()
    {
        SocketGate gate = new(maxSockets: 3, maxPerAddress: 2);
        IPAddress one = IPAddress.Parse("10.0.0.1");
        Assert.Equal(SocketAdmission.Admitted, gate.Enter(one));
        Assert.Equal(SocketAdmission.Admitted, gate.Enter(IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.Equal(SocketAdmission.TooManyFromAddress, gate.Enter(one));
        Assert.Equal(SocketAdmission.Admitted, gate.Enter(IPAddress.Parse("10.0.0.2")));
        Assert.Equal(SocketAdmission.NodeFull, gate.Enter(IPAddress.Parse("10.0.0.3")));
        gate.Leave(one);
        Assert.Equal(SocketAdmission.Admitted, gate.Enter(one));
        Assert.Equal(3, gate.Count);
    }

    [Fact]
    public void A_whole_IPv6_subnet_is_one_address()
    {
        SocketGate gate = new(10, 1);
        Assert.Equal(SocketAdmission.Admitted, gate.Enter(IPAddress.Parse("2001:db8::1")));
        Assert.Equal(SocketAdmission.TooManyFromAddress, gate.Enter(IPAddress.Parse("2001:db8::ffff:2")));
        Assert.Equal(SocketAdmission.Admitted, gate.Enter(IPAddress.Parse("2001:db8:0:1::1")));
    }

    [Theory]
    [InlineData("10.1.1.1", false, null, null, "10.1.1.1", false)]
    [InlineData("10.1.1.1", true, null, null, "10.1.1.1", true)]
    [InlineData("203.0.113.9", false, "1.2.3.4", "https", "203.0.113.9", false)]
    [InlineData("127.0.0.1", false, "1.2.3.4", "https", "1.2.3.4", true)]
    [InlineData("::ffff:127.0.0.1", false, "1.2.3.4", "WSS", "1.2.3.4", true)]
    [InlineData("127.0.0.1", false, "6.6.6.6, 1.2.3.4, 127.0.0.2", "http,https", "1.2.3.4", true)]
    [InlineData("127.0.0.1", false, "6.6.6.6, nonsense", "http", "127.0.0.1", false)]
    [InlineData("127.0.0.1", false, "1.2.3.4:5678", null, "1.2.3.4", false)]
    [InlineData("127.0.0.1", false, "[2001:db8::1]:5678", null, "2001:db8::1", false)]
    public void Forwarding_headers_are_believed_of_trusted_proxies_only(string peer, bool tls, string? forwardedFor, string? proto, string address, bool secure)
    {
        ClientOrigin origin = ClientOrigin.Resolve(IPAddress.Parse(peer), tls, forwardedFor, proto, new LimitOptions().TrustedProxies);
        Assert.Equal(IPAddress.Parse(address), origin.Address);
        Assert.Equal(secure, origin.IsSecure);
    }
}
