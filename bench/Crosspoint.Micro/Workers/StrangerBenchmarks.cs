using BenchmarkDotNet.Attributes;
using Crosspoint.Micro.Support;
using Crosspoint.Primitives;
using Crosspoint.Workers;
using Crosspoint.Workers.SharedPort;

namespace Crosspoint.Micro.Workers;

/// <summary>Datagrams that are not, or not yet, this worker's own peers'.</summary>
public class StrangerBenchmarks
{
    private readonly FloodGate _gate = new(100, 100_000);
    private readonly HandoverQueue _queue = new(256);
    private readonly byte[] _datagram = new byte[MicroPackets.VideoPayloadBytes];
    private uint _next;

    /// <summary>Another unknown source each time.</summary>
    [Benchmark]
    public int EnterGate()
    {
        TransportAddress source = TransportAddress.FromIPv4(++_next * 2_654_435_761, 5000);
        return _gate.TryEnter(Instant.FromMilliseconds(_next / 100), source) ? 1 : 0;
    }

    /// <summary>A datagram goes to the worker it belongs to.</summary>
    [Benchmark]
    public int HandOver()
    {
        TransportAddress source = TransportAddress.FromIPv4(++_next, 5000);
        _queue.TryAdd(source, source, _datagram);
        int length = _queue.TryTake(out _, out _, out Span<byte> datagram) ? datagram.Length : 0;
        _queue.Release();
        return length;
    }
}
