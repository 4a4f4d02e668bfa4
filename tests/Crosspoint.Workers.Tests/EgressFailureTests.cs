using System.Net;
using System.Net.Sockets;
using Crosspoint.Media;
using Crosspoint.Micro.Support;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Workers.Tests;

/// <summary>What leaves when a transport or a cipher breaks in the middle of a batch: whole packets or none, and every packet that does not is counted.</summary>
public sealed class EgressFailureTests : IDisposable
{
    private const int Packets = 3;

    private readonly UdpSocket _socket = UdpSocket.Open(new UdpSocketOptions { Address = IPAddress.Loopback });
    private readonly WorkerMeters _meters = new();
    private readonly List<IDisposable> _peers = [];
    private readonly List<WebRtcTransport> _faults = [];
    private readonly byte[] _payload = GC.AllocateArray<byte>(200, pinned: true);
    private readonly Egress _egress;
    private byte _sequence;

    public EgressFailureTests() => _egress = new Egress(_socket, new TcpSide(), new DepartureClock(new MonotonicClock()), _meters, (transport, _) => _faults.Add(transport));

    public void Dispose()
    {
        _egress.Dispose();
        _peers.ForEach(peer => peer.Dispose());
        _socket.Dispose();
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void Without_a_failure_everything_arrives(SrtpProfile profile)
    {
        Receiver first = Connect(profile);
        Receiver second = Connect(profile);
        Gather(first.Transport, second.Transport);

        _egress.Flush();

        Assert.Equal(Packets, first.TakeAuthentic());
        Assert.Equal(Packets, second.TakeAuthentic());
        Assert.Equal(2 * Packets, _meters.Counters.RtpSent);
        Assert.Equal(0, Dropped);
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void Whoever_comes_after_a_broken_transport_gets_its_own_bytes(SrtpProfile profile)
    {
        Receiver before = Connect(profile);
        WebRtcTransport broken = Broken();
        Receiver after = Connect(profile);
        Gather(before.Transport);
        bool waits = IsBatched(profile);
        Gather(broken, after.Transport);

        _egress.Flush();

        int lost = waits ? 2 * Packets : Packets;
        Assert.Equal([broken], _faults);
        Assert.Equal(waits ? 0 : Packets, before.TakeAuthentic());
        Assert.Equal(Packets, after.TakeAuthentic());
        Assert.Equal(lost, Dropped);
        Assert.Equal((3 * Packets) - lost, _meters.Counters.RtpSent);
        Assert.Equal(0, _egress.Ciphers.Pending);
    }

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void A_failed_cipher_costs_the_batch_and_every_packet_of_it_is_counted(SrtpProfile profile)
    {
        Receiver first = Connect(profile);
        Receiver second = Connect(profile);
        Gather(first.Transport, second.Transport);
        _egress.Ciphers.CountFailure();

        _egress.Flush();

        Assert.Equal(0, first.TakeAuthentic());
        Assert.Equal(0, second.TakeAuthentic());
        Assert.Equal(2 * Packets, Dropped);
        Assert.Equal(0, _meters.Counters.RtpSent);

        Gather(first.Transport);
        _egress.Flush();
        Assert.Equal(Packets, first.TakeAuthentic());
    }

    private long Dropped => _meters.Counters.Drops.Of(WorkerDropReason.ProtectFailed);

    // Whether packets of the profile wait for their cipher here: libipsec-mb's AES-CM do, OpenSSL's do not.
    private bool IsBatched(SrtpProfile profile) =>
        profile == SrtpProfile.Aes128CmHmacSha1Tag80 && SrtpEngineChoice.Of(SrtpEngine.Auto).Name == "ipsec-mb";

    // A transport without a session is as broken as one can be.
    private static WebRtcTransport Broken() => new(Instant.Zero, new WorkerPoolOptions(), null!, null!, "broken", null!);

    private Receiver Connect(SrtpProfile profile)
    {
        Receiver receiver = new(profile);
        _peers.Add(receiver);
        return receiver;
    }

    private void Gather(params WebRtcTransport[] transports)
    {
        foreach (WebRtcTransport transport in transports)
        {
            for (int i = 0; i < Packets; i++)
            {
                _egress.SendRtp(transport, [0x80, 96, 0, ++_sequence, 0, 0, 0, 1, 0, 0, 0, 7], default, _payload, PayloadTraits.Stays);
            }
        }
    }

    // A transport, and a socket where its peer would be.
    private sealed class Receiver : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly MicroPeers _peers;

        public Receiver(SrtpProfile profile)
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _peers = new MicroPeers(profile, TransportAddress.From(IPAddress.Loopback, (ushort)((IPEndPoint)_socket.LocalEndPoint!).Port));
            Transport = new WebRtcTransport(Instant.Zero, new WorkerPoolOptions(), null!, null!, "t", _peers.Server.Session);
        }

        public WebRtcTransport Transport { get; }

        /// <summary>How many packets have come; each must be one that the transport's peer can read. On loopback all are there when the send returns.</summary>
        public int TakeAuthentic()
        {
            byte[] datagram = new byte[2048];
            int count = 0;
            while (_socket.Available > 0)
            {
                int length = _socket.Receive(datagram);
                Assert.Equal(PeerInput.Rtp, _peers.HandleAtClient(datagram.AsSpan(0, length), out _));
                count++;
            }

            return count;
        }

        public void Dispose()
        {
            _peers.Dispose();
            _socket.Dispose();
        }
    }
}
