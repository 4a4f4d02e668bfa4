using System.Net;
using System.Net.Sockets;
using Crosspoint.Net.Udp;
using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tests;

/// <summary>Several sockets on one port, and who gets what.</summary>
public sealed class SharedPortTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<UdpSocket> _open = [];

    public void Dispose() => _open.ForEach(socket => socket.Dispose());

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::")]
    public void Every_datagram_reaches_one_of_the_sockets_and_a_peer_always_the_same(string address)
    {
        UdpSocket[] shared = OpenShared(IPAddress.Parse(address), 3);
        Assert.Single(shared.Select(socket => socket.LocalAddress.Port).Distinct());
        foreach (UdpSocket peer in Peers(IPAddress.Loopback, 8))
        {
            int first = Landing(peer, shared, IPAddress.Loopback);
            Assert.Equal(first, Landing(peer, shared, IPAddress.Loopback));
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("::", "::1")]
    public void A_steered_peer_lands_where_it_was_told_and_a_forgotten_one_where_it_was_before(string address, string to)
    {
        UdpSocket[] shared = OpenShared(IPAddress.Parse(address), 3);
        if (!TrySteer(shared, out PortSteering? steering))
        {
            return;
        }

        using (steering)
        {
            IPAddress target = IPAddress.Parse(to);
            foreach (UdpSocket peer in Peers(target, 6))
            {
                int byHash = Landing(peer, shared, target);
                foreach (int wanted in new[] { 2, 0, 1, 0 })
                {
                    Assert.True(steering.Steer(peer.LocalAddress, wanted));
                    Assert.Equal(wanted, Landing(peer, shared, target));
                }

                steering.Forget(peer.LocalAddress);
                Assert.Equal(byHash, Landing(peer, shared, target));
                steering.Forget(peer.LocalAddress);
            }
        }
    }

    [Fact]
    public void A_merged_message_of_a_steered_peer_lands_whole()
    {
        UdpSocket[] shared = OpenShared(IPAddress.Loopback, 2);
        if (!TrySteer(shared, out PortSteering? steering))
        {
            return;
        }

        using (steering)
        using (UdpSocket peer = UdpSocket.Open(new UdpSocketOptions { Address = IPAddress.Loopback }))
        {
            foreach (int wanted in new[] { 0, 1 })
            {
                steering.Steer(peer.LocalAddress, wanted);
                var batch = new SendBatch();
                UdpSocketRig.PutSegments(batch, shared[0].LocalAddress, TransportAddress.None, 5500, 1000);
                Assert.Equal(6, peer.Send(batch));
                Assert.Equal(6, UdpSocketRig.ReceiveAll(shared[wanted], 6).Count);
            }
        }
    }

    [Fact]
    public void A_socket_that_is_gone_leaves_its_peers_to_the_others()
    {
        UdpSocket[] shared = OpenShared(IPAddress.Loopback, 2);
        if (!TrySteer(shared, out PortSteering? steering))
        {
            return;
        }

        using (steering)
        using (UdpSocket peer = UdpSocket.Open(new UdpSocketOptions { Address = IPAddress.Loopback }))
        {
            steering.Steer(peer.LocalAddress, 1);
            Assert.Equal(1, Landing(peer, shared, IPAddress.Loopback));
            shared[1].Dispose();
            Assert.Equal(0, Landing(peer, [shared[0]], IPAddress.Loopback));
        }
    }

    [Fact]
    public void A_port_that_somebody_else_has_is_refused_to_the_first_even_when_it_is_shared()
    {
        if (!LinuxUdpSocket.IsSupported)
        {
            return;
        }

        UdpSocket[] shared = OpenShared(IPAddress.Loopback, 2);
        UdpSocketOptions again = new() { Address = IPAddress.Loopback, MinPort = shared[0].LocalAddress.Port, SharePort = true, IsFirstOnPort = true };
        SocketException e = Assert.Throws<SocketException>(() => UdpSocket.Open(again));
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
    }

    [Theory]
    [InlineData(UdpImplementation.Portable, 0)]
    [InlineData(null, 41_000)]
    public void A_shared_port_needs_the_Linux_implementation_and_one_port(UdpImplementation? implementation, int max) =>
        Assert.Throws<ArgumentException>(() => UdpSocket.Open(new UdpSocketOptions { SharePort = true, Implementation = implementation, MinPort = 40_000, MaxPort = (ushort)max }));

    private UdpSocket[] OpenShared(IPAddress address, int count)
    {
        if (!LinuxUdpSocket.IsSupported)
        {
            return [];
        }

        UdpSocketOptions options = new() { Address = address, SharePort = true };
        for (int i = 0; i < count; i++)
        {
            _open.Add(UdpSocket.Open(options));
            _open[i].Receive(DatagramBatch.For(_open[i]));
            options = options with { MinPort = _open[0].LocalAddress.Port };
        }

        return [.. _open];
    }

    private List<UdpSocket> Peers(IPAddress address, int count)
    {
        List<UdpSocket> peers = [.. Enumerable.Range(0, count).Select(_ => UdpSocket.Open(new UdpSocketOptions { Address = address }))];
        _open.AddRange(peers);
        return peers;
    }

    // Root has the right here and on CI; without it there is nothing to test but the refusal.
    private static bool TrySteer(UdpSocket[] shared, out PortSteering steering)
    {
        steering = null!;
        if (shared.Length == 0)
        {
            return false;
        }

        bool attached = PortSteering.TryAttach(shared, 100, out PortSteering? made, out string? refusal);
        Assert.Equal(attached, refusal is null);
        Assert.True(attached || !MayLoadPrograms(), refusal);
        steering = made!;
        return attached;
    }

    // CAP_BPF is bit 39 of the effective capabilities. A machine may forbid it all the same; then set CROSSPOINT_NO_BPF.
    private static bool MayLoadPrograms()
    {
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("CapEff:", StringComparison.Ordinal));
        ulong effective = ulong.Parse(line["CapEff:".Length..].Trim(), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        return (effective & (1UL << 39)) != 0 && Environment.GetEnvironmentVariable("CROSSPOINT_NO_BPF") is null;
    }

    private static int Landing(UdpSocket peer, UdpSocket[] shared, IPAddress to)
    {
        UdpSocketRig.SendSome(peer, TransportAddress.From(to, shared[0].LocalAddress.Port), 1);
        var batch = new DatagramBatch();
        for (long start = System.Diagnostics.Stopwatch.GetTimestamp(); System.Diagnostics.Stopwatch.GetElapsedTime(start) < Patience;)
        {
            for (int i = 0; i < shared.Length; i++)
            {
                if (shared[i].Wait(TimeSpan.FromMilliseconds(1)) == WaitResult.Readable && shared[i].Receive(batch) == 1)
                {
                    Assert.Equal(peer.LocalAddress, batch.Source(0));
                    return i;
                }
            }
        }

        throw new TimeoutException("waited for the datagram to arrive on any of the sockets");
    }
}
