using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Media.Tests.Routing;

/// <summary>A sink that keeps what it is given.</summary>
internal sealed class FakeSink : IPacketSink
{
    public bool IsReady { get; set; } = true;

    public bool Keeps { get; set; } = true;

    public long RtpCount { get; private set; }

    public List<(Instant At, byte[] Packet)> Rtp { get; } = [];

    public List<(Instant At, byte[] Packet)> Rtcp { get; } = [];

    public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
    {
        RtpCount++;
        if (Keeps)
        {
            Rtp.Add((now, [.. header, .. prefix, .. payload]));
        }
    }

    public void SendRtcp(Instant now, ReadOnlySpan<byte> packet)
    {
        if (Keeps)
        {
            Rtcp.Add((now, packet.ToArray()));
        }
    }
}

/// <summary>A transport with its sink, and packets made by hand.</summary>
internal sealed class FakePeer(Router router)
{
    private readonly Dictionary<Producer, ushort> _sequences = [];

    public FakeSink Sink { get; } = new();

    public RouterTransport Transport => field ??= router.AddTransport(Sink);

    public void SendAudio(Instant now, Producer producer, int level, bool marker = true)
    {
        ushort sequence = _sequences.GetValueOrDefault(producer);
        _sequences[producer] = (ushort)(sequence + 1);
        byte[] packet = Packets.Rtp(producer.Plan, sequence, (uint)(now.TotalMilliseconds * 48), [0xFC, 1, 2, 3], (HeaderExtensionKind.AudioLevel, [(byte)level]));
        packet[1] = (byte)(marker ? packet[1] | 0x80 : packet[1] & 0x7F);
        router.HandleRtp(now, Transport, packet);
    }

    public void Rtcp(Instant now, RtcpMaker make)
    {
        byte[] bytes = new byte[1200];
        RtcpWriter writer = new(bytes);
        make(ref writer);
        router.HandleRtcp(now, Transport, writer.Written);
    }
}

internal delegate void RtcpMaker(ref RtcpWriter writer);

internal static class Packets
{
    /// <summary>A VP8 packet that begins a keyframe.</summary>
    public static readonly byte[] Key = [0x10, 0x00, 1, 2, 3];

    /// <summary>A VP8 packet that begins another frame.</summary>
    public static readonly byte[] Delta = [0x10, 0x01, 4, 5, 6];

    public static byte[] Rtp(ProducerPlan plan, int sequence, uint timestamp, byte[] payload, params (HeaderExtensionKind Kind, byte[] Value)[] extensions) =>
        Rtp(plan, plan.Encodings[0].Ssrc, plan.PayloadType, sequence, timestamp, payload, extensions);

    public static byte[] Rtp(
        ProducerPlan plan, Ssrc ssrc, PayloadType payloadType, int sequence, uint timestamp, byte[] payload, params (HeaderExtensionKind Kind, byte[] Value)[] extensions)
    {
        byte[] bytes = new byte[1500];
        RtpHeaderWriter writer = new(bytes, new RtpHeaderFields(payloadType, true, new((ushort)sequence), new(timestamp), ssrc));
        foreach ((HeaderExtensionKind kind, byte[] value) in extensions)
        {
            Assert.True(writer.TryAdd(plan.Extensions[kind], value));
        }

        int length = writer.Complete();
        payload.CopyTo(bytes, length);
        return bytes[..(length + payload.Length)];
    }

    public static RtpPacket Parse(byte[] bytes)
    {
        Assert.True(RtpPacket.TryParse(bytes, out RtpPacket packet));
        return packet;
    }

    public static List<RtcpKind> Kinds(IEnumerable<(Instant At, byte[] Packet)> datagrams)
    {
        List<RtcpKind> kinds = [];
        foreach ((_, byte[] datagram) in datagrams)
        {
            Assert.True(RtcpReader.TryOpen(datagram, out RtcpReader reader));
            while (reader.TryRead(out RtcpPacket packet))
            {
                kinds.Add(packet.Kind);
            }
        }

        return kinds;
    }
}
