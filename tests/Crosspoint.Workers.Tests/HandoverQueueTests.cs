using System.Buffers.Binary;
using System.Net;
using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Workers.SharedPort;

namespace Crosspoint.Workers.Tests;

public class HandoverQueueTests
{
    private static readonly TransportAddress Here = TransportAddress.From(IPAddress.Loopback, 1);
    private static readonly TransportAddress There = TransportAddress.From(IPAddress.IPv6Loopback, 2);

    [Fact]
    public void What_goes_in_comes_out_in_order_and_stays_until_it_is_released()
    {
        HandoverQueue queue = new(4);
        byte[][] datagrams = [[1], [2, 2], []];
        Assert.False(queue.HasWork);
        Assert.All(datagrams, datagram => Assert.True(queue.TryAdd(Here, There, datagram)));
        Assert.True(queue.HasWork);

        byte[]?[] taken = new byte[3][];
        Assert.True(queue.TryTake(out TransportAddress local, out TransportAddress source, out Span<byte> first));
        taken[0] = first.ToArray();
        for (int i = 1; i < 3; i++)
        {
            Assert.True(queue.TryTake(out _, out _, out Span<byte> next));
            taken[i] = next.ToArray();
        }

        Assert.Equal(datagrams, taken);
        Assert.Equal((Here, There), (local, source));
        Assert.False(queue.TryTake(out _, out _, out _));
        Assert.True(queue.TryAdd(Here, There, [9]));
        Assert.False(queue.TryAdd(Here, There, [8]));
        Assert.Equal(1, first[0]);
        queue.Release();
        Assert.True(queue.TryAdd(Here, There, [8]));
    }

    [Fact]
    public void A_full_queue_refuses_and_has_room_again_after_the_release()
    {
        HandoverQueue queue = new(8);
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 8; i++)
            {
                Assert.True(queue.TryAdd(Here, There, [(byte)i]));
            }

            Assert.False(queue.TryAdd(Here, There, [0]));
            for (int i = 0; i < 8; i++)
            {
                Assert.True(queue.TryTake(out _, out _, out Span<byte> datagram));
                Assert.Equal(i, datagram[0]);
            }

            Assert.False(queue.TryAdd(Here, There, [0]));
            queue.Release();
        }
    }

    [Fact]
    public void A_datagram_that_is_too_long_is_refused_and_the_longest_is_not()
    {
        HandoverQueue queue = new(2);
        Assert.False(queue.TryAdd(Here, There, new byte[HandoverQueue.MaxDatagramBytes + 1]));
        Assert.True(queue.TryAdd(Here, There, new byte[HandoverQueue.MaxDatagramBytes]));
        Assert.True(queue.TryTake(out _, out _, out Span<byte> datagram));
        Assert.Equal(HandoverQueue.MaxDatagramBytes, datagram.Length);
    }

    [Fact]
    public async Task Many_writers_lose_nothing_mix_nothing_up_and_keep_their_order()
    {
        const int Writers = 4;
        const int Each = 20_000;
        HandoverQueue queue = new(64);
        Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(queue, writer, Each)))];
        int[] next = new int[Writers];
        for (int total = 0; total < Writers * Each;)
        {
            queue.Release();
            for (int i = 0; i < 16 && queue.TryTake(out _, out TransportAddress source, out Span<byte> datagram); i++, total++)
            {
                int number = BinaryPrimitives.ReadInt32LittleEndian(datagram);
                Assert.Equal(next[source.Port]++, number);
                Assert.Equal(4 + (number % 50), datagram.Length);
                Assert.True(datagram[4..].IndexOfAnyExcept((byte)number) < 0);
            }
        }

        await Task.WhenAll(writers).WaitAsync(TestCall.Limit);
        Assert.False(queue.HasWork);
    }

    [Fact]
    public void Handing_over_allocates_nothing()
    {
        HandoverQueue queue = new(64);
        byte[] datagram = new byte[1200];
        Round(queue, datagram, 1000);
        Assert.Equal(0, AllocationMeter.Count(() => Round(queue, datagram, 10_000)));
    }

    private static void Round(HandoverQueue queue, byte[] datagram, int count)
    {
        for (int i = 0; i < count; i++)
        {
            queue.TryAdd(Here, There, datagram);
            queue.TryTake(out _, out _, out _);
            queue.Release();
        }
    }

    private static void Write(HandoverQueue queue, int writer, int count)
    {
        TransportAddress source = TransportAddress.From(IPAddress.Loopback, writer);
        Span<byte> datagram = stackalloc byte[64];
        SpinWait spin = default;
        for (int number = 0; number < count; number++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(datagram, number);
            Span<byte> whole = datagram[..(4 + (number % 50))];
            whole[4..].Fill((byte)number);
            while (!queue.TryAdd(Here, source, whole))
            {
                spin.SpinOnce();
            }
        }
    }
}
