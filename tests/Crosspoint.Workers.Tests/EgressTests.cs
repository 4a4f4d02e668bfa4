using System.Net;
using Crosspoint.Media;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Workers.Tests;

public sealed class EgressTests : IDisposable
{
    private readonly UdpSocket _socket = UdpSocket.Open(new UdpSocketOptions { Address = IPAddress.Loopback });
    private readonly List<WebRtcTransport> _faults = [];
    private readonly Egress _egress;

    public EgressTests() => _egress = new Egress(_socket, new TcpSide(), new DepartureClock(new MonotonicClock()), new WorkerMeters(), (transport, _) => _faults.Add(transport));

    public void Dispose()
    {
        _egress.Dispose();
        _socket.Dispose();
    }

    // A transport without a session is as broken as one can be.
    [Fact]
    public void A_transport_that_breaks_is_told_of_and_holds_up_no_other()
    {
        WebRtcTransport[] broken = [Broken(), Broken()];
        Gather(broken);

        _egress.Flush();

        Assert.Equal(broken, _faults);
        Assert.Equal(0, _egress.Gathered);
        Assert.All(broken, transport => Assert.True(transport.Departing.IsEmpty));
    }

    [Fact]
    public void What_a_lost_turn_gathered_never_leaves()
    {
        Gather([Broken(), Broken()]);

        _egress.Discard();
        _egress.Flush();

        Assert.Empty(_faults);
        Assert.Equal(0, _egress.Gathered);
        Assert.Equal(0, _socket.Statistics.DatagramsSent);
    }

    private static WebRtcTransport Broken() => new(Instant.Zero, new WorkerPoolOptions(), null!, null!, "t", null!);

    private void Gather(WebRtcTransport[] transports)
    {
        foreach (WebRtcTransport transport in transports)
        {
            _egress.SendRtp(transport, new byte[12], default, new byte[100], PayloadTraits.None);
        }

        Assert.Equal(transports.Length, _egress.Gathered);
    }
}
