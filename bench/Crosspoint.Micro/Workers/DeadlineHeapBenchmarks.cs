using BenchmarkDotNet.Attributes;
using Crosspoint.Primitives;

namespace Crosspoint.Micro.Workers;

/// <summary>The deadlines of a worker's transports.</summary>
public class DeadlineHeapBenchmarks
{
    private const int Items = 1000;

    private readonly DeadlineHeap<Item> _heap = new();
    private readonly Item[] _items = [.. Enumerable.Range(0, Items).Select(_ => new Item())];
    private readonly Random _random = new(1);
    private long _now;

    /// <summary>Everything waits for something within a second.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        foreach (Item item in _items)
        {
            _heap.Set(item, Soon());
        }
    }

    /// <summary>Moves one of a thousand deadlines.</summary>
    [Benchmark]
    public int Move()
    {
        _heap.Set(_items[_random.Next(Items)], Soon());
        return _heap.Count;
    }

    /// <summary>Takes the first and sets it anew.</summary>
    [Benchmark]
    public int PopAndSet()
    {
        _now = Math.Max(_now, _heap.Next.Ticks);
        _heap.TryPop(new Instant(_now), out Item item);
        _heap.Set(item, Soon());
        return _heap.Count;
    }

    private Instant Soon() => new(_now + _random.Next(1, (int)TimeSpan.TicksPerSecond));

    private sealed class Item : IDeadline
    {
        public int HeapIndex { get; set; } = -1;
    }
}
