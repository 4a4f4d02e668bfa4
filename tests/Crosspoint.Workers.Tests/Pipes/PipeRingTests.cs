using System.Buffers.Binary;
using Crosspoint.Micro.Allocations;
using Crosspoint.Workers.Pipes;

namespace Crosspoint.Workers.Tests.Pipes;

public class PipeRingTests
{
    [Fact]
    public void What_goes_in_comes_out_in_order_and_whole()
    {
        PipeRing ring = new(4096);
        Assert.True(ring.TryWrite(PipeRecord.Rtp, [1, 2, 3], [4, 5]));
        Assert.True(ring.TryWrite(PipeRecord.Rtcp, [6], []));
        Assert.True(ring.TryWrite(PipeRecord.Rtp, [], []));
        ring.Publish();

        Assert.Equal((PipeRecord.Rtp, "0102030405"), Read(ring));
        Assert.Equal((PipeRecord.Rtcp, "06"), Read(ring));
        Assert.Equal((PipeRecord.Rtp, ""), Read(ring));
        Assert.False(ring.TryRead(out _, out _));
    }

    [Fact]
    public void Nothing_is_seen_before_it_is_published()
    {
        PipeRing ring = new(4096);
        ring.TryWrite(PipeRecord.Rtp, [1], []);
        Assert.False(ring.TryRead(out _, out _));
        ring.Publish();
        Assert.True(ring.TryRead(out _, out _));
    }

    [Fact]
    public void A_full_ring_refuses_until_what_was_read_is_released()
    {
        PipeRing ring = new(4096);
        byte[] packet = new byte[1016]; // with its header a quarter
        for (int i = 0; i < 4; i++)
        {
            Assert.True(ring.TryWrite(PipeRecord.Rtp, packet, []));
        }

        Assert.False(ring.TryWrite(PipeRecord.Rtp, [], []));
        ring.Publish();
        Assert.True(ring.TryRead(out _, out _));
        Assert.False(ring.TryWrite(PipeRecord.Rtp, packet, []));
        ring.Release();
        Assert.True(ring.TryWrite(PipeRecord.Rtp, packet, []));
        Assert.False(ring.TryWrite(PipeRecord.Rtp, packet, []));
    }

    [Fact]
    public void A_record_that_does_not_fit_before_the_end_begins_at_the_front()
    {
        PipeRing ring = new(4096);
        for (byte turn = 0; turn < 200; turn++)
        {
            byte[] packet = new byte[700 + (turn * 5 % 300)];
            Array.Fill(packet, turn);
            Assert.True(ring.TryWrite(PipeRecord.Rtp, packet.AsSpan(0, 12), packet.AsSpan(12)));
            ring.Publish();
            Assert.Equal((PipeRecord.Rtp, Convert.ToHexString(packet)), Read(ring));
            ring.Release();
        }
    }

    [Fact]
    public void A_record_larger_than_half_the_ring_is_refused_even_when_it_is_empty()
    {
        PipeRing ring = new(4096);
        Assert.False(ring.TryWrite(PipeRecord.Rtp, new byte[2048], []));
        Assert.True(ring.TryWrite(PipeRecord.Rtp, new byte[2040], []));
    }

    // Two threads, as in life: each record carries its number and bytes that follow from it; whatever was accepted comes out, in order.
    [Theory]
    [InlineData(1, 4096)]
    [InlineData(2, 8192)]
    [InlineData(3, 65536)]
    public void Between_two_threads_nothing_is_lost_torn_or_reordered(int seed, int capacity)
    {
        const int Records = 200_000;
        PipeRing ring = new(capacity);
        long refused = 0;
        Thread writer = new(() => refused = Write(ring, Records, new Random(seed)));
        writer.Start();

        int expected = 0;
        int sinceRelease = 0;
        bool ok = true;
        Random random = new(seed + 1000);
        while (expected < Records && ok)
        {
            if (ring.TryRead(out PipeRecord kind, out ReadOnlySpan<byte> packet))
            {
                ok = IsRecord(kind, packet, expected++);
                if (++sinceRelease > random.Next(64))
                {
                    sinceRelease = 0;
                    ring.Release();
                }
            }
            else
            {
                ring.Release();
                Thread.Yield();
            }
        }

        writer.Join();
        Assert.True(ok, $"seed {seed}: record {expected - 1} is not what was written ({refused} refusals)");
        Assert.False(ring.TryRead(out _, out _));
    }

    [Fact]
    public void A_record_costs_no_allocation()
    {
        PipeRing ring = new(1 << 16);
        byte[] header = new byte[20];
        byte[] payload = new byte[1100];
        Assert.Equal(0, AllocationMeter.Count(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                ring.TryWrite(PipeRecord.Rtp, header, payload);
                ring.Publish();
                ring.TryRead(out _, out _);
                ring.Release();
            }
        }));
    }

    private static long Write(PipeRing ring, int records, Random random)
    {
        long refused = 0;
        byte[] bytes = new byte[1500];
        for (int number = 0; number < records; number++)
        {
            int length = LengthOf(number);
            Fill(bytes.AsSpan(0, length), number);
            int split = random.Next(4, length + 1);
            while (!ring.TryWrite(KindOf(number), bytes.AsSpan(0, split), bytes.AsSpan(split, length - split)))
            {
                refused++;
                ring.Publish();
                Thread.Yield();
            }

            if (random.Next(16) == 0)
            {
                ring.Publish();
            }
        }

        ring.Publish();
        return refused;
    }

    private static bool IsRecord(PipeRecord kind, ReadOnlySpan<byte> packet, int number)
    {
        Span<byte> expected = stackalloc byte[1500];
        expected = expected[..LengthOf(number)];
        Fill(expected, number);
        return kind == KindOf(number) && packet.SequenceEqual(expected);
    }

    private static PipeRecord KindOf(int number) => number % 7 == 0 ? PipeRecord.Rtcp : PipeRecord.Rtp;

    private static int LengthOf(int number) => 4 + (int)((uint)number * 2654435761u % 1490);

    private static void Fill(Span<byte> bytes, int number)
    {
        bytes.Fill((byte)number);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
    }

    private static (PipeRecord Kind, string Hex) Read(PipeRing ring)
    {
        Assert.True(ring.TryRead(out PipeRecord kind, out ReadOnlySpan<byte> packet));
        return (kind, Convert.ToHexString(packet));
    }
}
