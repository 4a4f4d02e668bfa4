using BenchmarkDotNet.Attributes;
using Crosspoint.Micro.Support;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Micro.Rtc;

/// <summary>The packets of one stream that are kept for retransmission.</summary>
public class RetransmissionBenchmarks
{
    private readonly byte[] _packet = MicroPackets.Rtp(new Ssrc(1), new PayloadType(96), MicroPackets.DeltaFrame, MicroPackets.VideoPayloadBytes);
    private readonly RetransmissionBuffer _buffer = new(new PacketBlockPool(8192), new RetransmissionBufferOptions());
    private int _number;

    /// <summary>Gives the blocks back.</summary>
    [GlobalCleanup]
    public void CleanUp() => _buffer.Dispose();

    /// <summary>Keeps a packet, which pushes the oldest out.</summary>
    [Benchmark]
    public int Store()
    {
        Instant now = Instant.FromMilliseconds(++_number);
        return (int)_buffer.Store(now, new SequenceNumber((ushort)_number), _packet.AsSpan(0, 24), _packet.AsSpan(24));
    }

    /// <summary>Keeps a packet and finds the one fifty before it.</summary>
    [Benchmark]
    public int StoreAndGet()
    {
        Store();
        return _buffer.TryGet(Instant.FromMilliseconds(_number), new SequenceNumber((ushort)(_number - 50)), out StoredPacket packet) ? packet.Payload.Length : 0;
    }
}
