using BenchmarkDotNet.Attributes;
using Crosspoint.Micro.Support;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Demux;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Micro.Rtc;

/// <summary>Telling what a datagram is, and reading and writing RTP headers.</summary>
public class RtpBenchmarks
{
    private readonly byte[] _packet = MicroPackets.Rtp(new Ssrc(1), new PayloadType(96), MicroPackets.DeltaFrame, MicroPackets.VideoPayloadBytes);
    private readonly byte[] _into = new byte[256];
    private int _number;

    /// <summary>First byte to protocol (RFC 7983).</summary>
    [Benchmark]
    public int Classify() => (int)PacketClassifier.Classify(_packet);

    /// <summary>Checks a packet whole.</summary>
    [Benchmark]
    public int TryParse() => RtpPacket.TryParse(_packet, out RtpPacket packet) ? packet.Payload.Length : 0;

    /// <summary>Checks a packet and finds one extension.</summary>
    [Benchmark]
    public int TryGetExtension() => RtpPacket.TryParse(_packet, out RtpPacket packet) && packet.TryGetExtension(4, out ReadOnlySpan<byte> value) ? value.Length : 0;

    /// <summary>Writes a header with two extensions.</summary>
    [Benchmark]
    public int WriteHeader()
    {
        RtpHeaderWriter writer = new(_into, Fields());
        writer.TryAdd(2, [1, 2, 3]);
        writer.TryAdd(4, "0"u8);
        return writer.Complete();
    }

    /// <summary>Changes the fixed fields of a header in place.</summary>
    [Benchmark]
    public int OverwriteHeader()
    {
        RtpHeaderWriter.Overwrite(_into, Fields());
        return _into[0];
    }

    private RtpHeaderFields Fields() => new(new PayloadType(96), true, new SequenceNumber((ushort)++_number), new RtpTimestamp((uint)_number), new Ssrc(1));
}
