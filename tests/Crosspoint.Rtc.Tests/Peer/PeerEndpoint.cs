using System.Buffers.Binary;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Tests.Simulation;

namespace Crosspoint.Rtc.Tests.Peer;

/// <summary>A <see cref="PeerSession"/> on the virtual network that sends numbered RTP packets and notes those that arrive.</summary>
public sealed class PeerEndpoint(PeerSession session) : IVirtualEndpoint
{
    private SequenceNumber _sequence = new(65500);

    public PeerSession Session { get; } = session;

    public List<PeerEvent> Events { get; } = [];

    public IEnumerable<PeerState> States => Events.Where(e => e.Kind == PeerEventKind.StateChanged).Select(e => e.State);

    public List<int> Received { get; } = [];

    public int RtcpReceived { get; private set; }

    public Instant NextTimeout => Session.NextTimeout;

    public void HandleTimeout(Instant now)
    {
        Session.HandleTimeout(now);
        Drain();
    }

    public void Receive(Instant now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        byte[] copy = datagram.ToArray();
        switch (Session.Handle(now, local, remote, copy, out int length))
        {
            case PeerInput.Rtp:
                Assert.True(RtpPacket.TryParse(copy.AsSpan(0, length), out RtpPacket packet));
                Received.Add(BinaryPrimitives.ReadInt32BigEndian(packet.Payload));
                break;
            case PeerInput.Rtcp:
                RtcpReceived++;
                break;
            default:
                break;
        }

        Drain();
    }

    public bool TryTransmit(Instant now, Span<byte> into, out Transmit transmit) => Session.TryTransmit(now, into, out transmit);

    /// <summary>Protects and sends one packet; answers what went on the wire, or null when nothing could.</summary>
    public byte[]? SendMedia(VirtualNetwork network, int number)
    {
        byte[] header = new byte[12];
        _ = new RtpHeaderWriter(header, new RtpHeaderFields(new PayloadType(96), false, _sequence, new RtpTimestamp((uint)number * 960), new Ssrc(0xC0FFEE)));
        byte[] payload = new byte[200];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        byte[] into = new byte[300];
        int length = Session.ProtectRtp(header, payload, into);
        if (length == 0 || !Session.TryGetPath(out TransportAddress local, out TransportAddress remote))
        {
            return null;
        }

        _sequence = _sequence.Next;
        network.Send(local, remote, into.AsSpan(0, length));
        return into[..length];
    }

    public void Drain()
    {
        while (Session.TryDequeue(out PeerEvent e))
        {
            Events.Add(e);
        }
    }
}
