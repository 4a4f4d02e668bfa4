using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Tests;

public class DeadlineHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Pops_in_the_order_of_a_sorted_list_whatever_was_set_moved_and_removed(int seed)
    {
        Random random = new(seed);
        DeadlineHeap<Item> heap = new();
        Item[] items = [.. Enumerable.Range(0, 500).Select(id => new Item(id))];
        Dictionary<int, long> expected = [];

        for (int step = 0; step < 5000; step++)
        {
            Item item = items[random.Next(items.Length)];
            if (random.Next(4) == 0)
            {
                heap.Remove(item);
                expected.Remove(item.Id);
            }
            else
            {
                long at = random.Next(1000);
                heap.Set(item, new Instant(at));
                expected[item.Id] = at;
            }

            Assert.Equal(expected.Count, heap.Count);
            Assert.Equal(expected.Count == 0 ? Instant.Never : new Instant(expected.Values.Min()), heap.Next);
        }

        long last = -1;
        while (heap.TryPop(Instant.FromMilliseconds(1), out Item popped))
        {
            long at = expected[popped.Id];
            Assert.True(at >= last);
            Assert.Equal(-1, popped.HeapIndex);
            expected.Remove(popped.Id);
            last = at;
        }

        Assert.Empty(expected);
    }

    [Fact]
    public void Never_removes_and_a_future_deadline_does_not_pop()
    {
        DeadlineHeap<Item> heap = new();
        Item item = new(1);
        heap.Set(item, new Instant(10));
        Assert.False(heap.TryPop(new Instant(9), out _));
        heap.Set(item, Instant.Never);
        Assert.Equal(0, heap.Count);
        Assert.True(heap.Next.IsNever);
    }

    private sealed class Item(int id) : IDeadline
    {
        public int Id { get; } = id;

        public int HeapIndex { get; set; } = -1;
    }
}
