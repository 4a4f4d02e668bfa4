using Crosspoint.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Server;

/// <summary>A transport of the server: what the router sends goes down its link, what comes up its link goes to the router.</summary>
internal sealed class ServerPort : IPacketSink
{
    private readonly SimServer _server;
    private readonly Dictionary<uint, PacketPurpose> _purposes = [];
    private readonly HashSet<(uint Ssrc, ushort Sequence)> _asked = [];
    private readonly Dictionary<uint, uint> _originals = [];

    public ServerPort(SimServer server, NetPath up, NetPath down, Action<Instant, SimPacket> deliver)
    {
        _server = server;
        Up = new Way(up, HandleUp);
        Down = new Way(down, deliver);
        Transport = server.Router.AddTransport(this);
    }

    public RouterTransport Transport { get; }

    public Way Up { get; }

    public Way Down { get; }

    /// <inheritdoc/>
    public bool IsReady => true;

    /// <summary>Pictures of which a packet was sent to this peer, by track.</summary>
    public Dictionary<ushort, HashSet<int>> SentPictures { get; } = [];

    /// <summary>For the books: what an SSRC carries.</summary>
    public void Describe(Consumer consumer)
    {
        _purposes[consumer.Plan.Ssrc.Value] = consumer.Plan.Kind == Contracts.Rtp.MediaKind.Audio ? PacketPurpose.Audio : PacketPurpose.Video;
        if (consumer.Plan.RtxSsrc != Ssrc.None)
        {
            _purposes[consumer.Plan.RtxSsrc.Value] = PacketPurpose.Resend;
            _originals[consumer.Plan.RtxSsrc.Value] = consumer.Plan.Ssrc.Value;
        }
    }

    /// <inheritdoc/>
    public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
    {
        SimPacket packet = _server.Pool.Rent(PacketPurpose.Fec);
        header.CopyTo(packet.Buffer);
        prefix.CopyTo(packet.Buffer.AsSpan(header.Length));
        payload.CopyTo(packet.Buffer.AsSpan(header.Length + prefix.Length));
        packet.Length = header.Length + prefix.Length + payload.Length;
        packet.Purpose = PurposeOf(packet.Bytes);
        if (packet.Purpose == PacketPurpose.Video && PacketStamp.TryRead(packet.Bytes, out PacketStamp stamp))
        {
            (SentPictures.TryGetValue(stamp.Source, out HashSet<int>? sent) ? sent : SentPictures[stamp.Source] = []).Add(stamp.Picture);
        }

        Down.Send(now, packet);
    }

    /// <inheritdoc/>
    public void SendRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
        SimPacket copy = _server.Pool.Rent(PacketPurpose.Control);
        packet.CopyTo(copy.Buffer);
        copy.Length = packet.Length;
        Down.Send(now, copy);
    }

    private void HandleUp(Instant now, SimPacket packet)
    {
        if (packet.Purpose == PacketPurpose.Control)
        {
            NoteRequests(packet.Bytes);
            _server.Router.HandleRtcp(now, Transport, packet.Bytes);
        }
        else
        {
            _server.Router.HandleRtp(now, Transport, packet.Bytes);
        }

        if (Environment.GetEnvironmentVariable("SIM_TRACE_UP") is not null && packet.Purpose == PacketPurpose.Control && Transport.GetDownlinkStatistics() is { } down)
        {
            Console.Error.WriteLine($"UP {now}: {down}");
        }

        _server.Settle(now);
    }

    // A copy that nobody asked for is a probe.
    private PacketPurpose PurposeOf(ReadOnlySpan<byte> bytes)
    {
        if (!RtpPacket.TryParse(bytes, out RtpPacket packet) || !_purposes.TryGetValue(packet.Ssrc.Value, out PacketPurpose purpose))
        {
            return PacketPurpose.Fec;
        }

        if (purpose != PacketPurpose.Resend)
        {
            return purpose;
        }

        bool asked = RtxPacket.TryRead(packet, out SequenceNumber original, out ReadOnlySpan<byte> rest)
            && !rest.IsEmpty
            && _asked.Contains((_originals[packet.Ssrc.Value], original.Value));
        return asked ? PacketPurpose.Resend : PacketPurpose.Padding;
    }

    private void NoteRequests(ReadOnlySpan<byte> bytes)
    {
        if (_asked.Count > 20_000)
        {
            _asked.Clear(); // Sequence numbers come round; what was asked for long ago is not what is asked for now.
        }

        if (!RtcpReader.TryOpen(bytes, out RtcpReader reader))
        {
            return;
        }

        while (reader.TryRead(out RtcpPacket packet))
        {
            if (GenericNack.TryParse(packet, out GenericNack nack))
            {
                foreach (SequenceNumber sequence in nack)
                {
                    _asked.Add((nack.MediaSsrc.Value, sequence.Value));
                }
            }
        }
    }
}
