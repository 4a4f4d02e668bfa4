using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Streams;
using Crosspoint.Rtc.Tests.Rtp;

namespace Crosspoint.Rtc.Tests.Streams;

public sealed class RetransmissionBufferTests
{
    private static readonly byte[] Header = RtpBytes.Packet([(1, [5])], [])[..20];

    // "12" stores, "+20" time passes in ms, "?12" must be there, "!12" must not.
    [Theory]
    [InlineData("10 11 ?10 ?11 !12 !9")]
    [InlineData("10 12 11 ?10 ?11 ?12")] // out of order
    [InlineData("10 9 ?9 ?10")]
    [InlineData("65535 0 1 ?65535 ?0 ?1")]
    [InlineData("10 11 12 13 14 15 16 17 18 !10 ?11 ?18")] // eight slots
    [InlineData("10 18 !10 ?18 11 ?11 10 !10")] // too old for the ring
    [InlineData("10 30000 !10 ?30000")] // a jump over the ring
    [InlineData("10 +90 11 +20 !10 ?11 +90 !11")] // age
    [InlineData("10 +110 11 !10 ?11")]
    public void Stories(string story)
    {
        PacketBlockPool pool = new(256);
        RetransmissionBuffer buffer = new(pool, new RetransmissionBufferOptions { MaxPackets = 8, MaxAge = TimeSpan.FromMilliseconds(100) });
        Instant now = Instant.Zero;
        foreach (string step in story.Split(' '))
        {
            switch (step[0])
            {
                case '+':
                    now += TimeSpan.FromMilliseconds(int.Parse(step));
                    break;
                case '?':
                    byte value = (byte)ushort.Parse(step[1..]);
                    Assert.True(buffer.TryGet(now, new(ushort.Parse(step[1..])), out StoredPacket packet), story + " at " + step);
                    Assert.Equal([value, value], packet.Payload.ToArray());
                    Assert.Equal(Header, packet.Header.ToArray());
                    break;
                case '!':
                    Assert.False(buffer.TryGet(now, new(ushort.Parse(step[1..])), out _), story + " at " + step);
                    break;
                default:
                    byte content = (byte)ushort.Parse(step);
                    buffer.Store(now, new(ushort.Parse(step)), Header, [content, content]);
                    break;
            }
        }

        Assert.Equal(buffer.Count, pool.InUse);
        buffer.Dispose();
        Assert.Equal(0, pool.InUse);
    }

    [Theory]
    [InlineData(0, 500)]
    [InlineData(50, 500)]
    [InlineData(60, 600)]
    [InlineData(150, 1500)]
    [InlineData(200, 2000)]
    [InlineData(5000, 2000)]
    [InlineData(int.MaxValue, 2000)]
    public void Depth_follows_the_longest_round_trip_within_its_options(int roundTrip, int depth)
    {
        using RetransmissionBuffer buffer = new(new PacketBlockPool(), new RetransmissionBufferOptions());
        buffer.FollowRoundTrip(TimeSpan.FromMilliseconds(roundTrip));
        Assert.Equal(TimeSpan.FromMilliseconds(depth), buffer.Depth);
        buffer.Store(Instant.Zero, new(1), Header, [1]);
        Assert.True(buffer.TryGet(Instant.FromMilliseconds(depth), new(1), out _));
        Assert.False(buffer.TryGet(Instant.FromMilliseconds(depth + 1), new(1), out _));
        buffer.Trim(Instant.FromMilliseconds(depth + 1));
        Assert.Equal(0, buffer.Count);
    }

    [Fact]
    public void Bytes_are_bounded()
    {
        PacketBlockPool pool = new();
        using RetransmissionBuffer buffer = new(pool, new RetransmissionBufferOptions { MaxBytes = 5000 });
        for (ushort i = 0; i < 100; i++)
        {
            Assert.Equal(StoreVerdict.Stored, buffer.Store(Instant.Zero, new(i), Header, new byte[980]));
            Assert.InRange(buffer.ByteCount, 1000, 5000);
        }

        Assert.Equal(5, buffer.Count);
    }

    [Fact]
    public void Packets_that_cannot_be_kept_say_why()
    {
        PacketBlockPool pool = new(2);
        using RetransmissionBuffer buffer = new(pool, new RetransmissionBufferOptions { MaxPackets = 8 });
        Assert.Equal(StoreVerdict.TooLarge, buffer.Store(Instant.Zero, new(1), Header, new byte[PacketBlockPool.BlockLength - 21]));
        Assert.Equal(StoreVerdict.Stored, buffer.Store(Instant.Zero, new(20), Header, new byte[PacketBlockPool.BlockLength - 22]));
        Assert.Equal(StoreVerdict.Duplicate, buffer.Store(Instant.Zero, new(20), Header, [1]));
        Assert.Equal(StoreVerdict.TooOld, buffer.Store(Instant.Zero, new(12), Header, [1]));
        Assert.Equal(StoreVerdict.Stored, buffer.Store(Instant.Zero, new(21), Header, [1]));
        Assert.Equal(StoreVerdict.PoolExhausted, buffer.Store(Instant.Zero, new(22), Header, [1]));
        Assert.Equal(StoreVerdict.Stored, buffer.Store(Instant.FromMilliseconds(2100), new(23), Header, [1]));
    }

    [Fact]
    public void Random_use_neither_leaks_nor_mixes_up_blocks()
    {
        const int Seed = 31;
        Random random = new(Seed);
        PacketBlockPool pool = new(600);
        RetransmissionBuffer[] buffers = [.. Enumerable.Range(0, 3).Select(_ => new RetransmissionBuffer(pool, new RetransmissionBufferOptions { MaxPackets = 128, MaxBytes = 9000 }))];
        int ms = 0;
        for (int round = 0; round < 50_000; round++)
        {
            int which = random.Next(3);
            ms += random.Next(3);
            ushort sequence = (ushort)((round / 3) + random.Next(-20, 20) + (random.Next(5000) == 0 ? 10_000 : 0));
            buffers[which].Store(Instant.FromMilliseconds(ms), new(sequence), Header, [(byte)which, (byte)sequence, (byte)(sequence >> 8)]);
            ushort wanted = (ushort)((round / 3) + random.Next(-150, 20));
            if (buffers[which].TryGet(Instant.FromMilliseconds(ms), new(wanted), out StoredPacket packet))
            {
                Assert.Equal([(byte)which, (byte)wanted, (byte)(wanted >> 8)], packet.Payload.ToArray());
            }

            if (random.Next(3000) == 0)
            {
                buffers[which].Clear();
            }

            Assert.Equal(buffers.Sum(b => b.Count), pool.InUse);
        }
    }

    [Fact]
    public void Storing_and_finding_allocate_nothing()
    {
        PacketBlockPool pool = new();
        using RetransmissionBuffer buffer = new(pool, new RetransmissionBufferOptions { MaxPackets = 32 });
        byte[] payload = new byte[1000];
        ushort sequence = 0;
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            buffer.Store(Instant.Zero, new(sequence++), Header, payload);
            buffer.TryGet(Instant.Zero, new((ushort)(sequence - 1)), out StoredPacket packet);
            packet.GetRtxPayload(new(7));
        }));
    }

    [Fact]
    public void A_pool_is_bounded_and_notices_a_block_that_comes_back_too_often()
    {
        PacketBlockPool pool = new(130);
        for (int i = 0; i < 130; i++)
        {
            Assert.True(pool.TryRent(out int block));
            pool.Get(block).Fill((byte)i);
        }

        Assert.False(pool.TryRent(out _));
        for (int i = 0; i < 130; i++)
        {
            Assert.Single(pool.Get(i).ToArray().Distinct());
            pool.Return(i);
        }

        Assert.Throws<InvalidOperationException>(() => pool.Return(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Return(130));
    }
}
