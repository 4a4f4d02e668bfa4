using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Fec;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;
using Crosspoint.Rtc.Tests.Rtp;

namespace Crosspoint.Rtc.Tests.Fec;

public sealed class FlexFecRoundTripTests
{
    // Three packets and their repair packet, put together by a script of another language that shares nothing with this code.
    private static readonly string[] Media =
    [
        "9065FFFE000003E8CAFEBABEBEDE0002103042010203000068656C6C6F",
        "90E50000000003E8CAFEBABEBEDE000210304204050600006C6F6E676572207061796C6F6164",
        "80E5000E00000FA0CAFEBABE78",
    ];

    private const string Repair =
        "0065000A00000FA001000000CAFEBABEFFFE5000A0000000780000000000000000000000040A020B0A72207061796C6F6164";

    [Fact]
    public void The_repair_packet_is_the_one_another_implementation_makes()
    {
        using FlexFecEncoder encoder = new(FecStream.Source, new PacketBlockPool(), FecStream.Mutable) { Protection = new(3, 1) };
        bool ready = false;
        foreach (string hex in Media)
        {
            byte[] packet = Convert.FromHexString(hex);
            int header = RtpBytes.Parse(packet).HeaderLength;
            ready = encoder.Add(Instant.Zero, RtpBytes.Parse(packet).SequenceNumber, packet.AsSpan(0, header), [], packet.AsSpan(header));
        }

        byte[] into = new byte[1500];
        Assert.True(ready);
        Assert.Equal(Repair, Convert.ToHexString(into.AsSpan(0, encoder.Take(into))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_one_that_is_missing_comes_back(int missing)
    {
        using FlexFecDecoder decoder = new(FecStream.Source, new PacketBlockPool(), FecStream.Mutable, new());
        for (int i = 0; i < Media.Length; i++)
        {
            if (i != missing)
            {
                decoder.HandleMedia(Convert.FromHexString(Media[i]));
            }
        }

        Assert.Equal(FlexFecDropReason.None, decoder.HandleRepair(Convert.FromHexString(Repair)));
        byte[] into = new byte[1500];
        Assert.True(decoder.TryTake(into, out int length));
        Assert.Equal(Convert.ToHexString(FecStream.AsRecovered(Convert.FromHexString(Media[missing]))), Convert.ToHexString(into.AsSpan(0, length)));
        Assert.False(decoder.TryTake(into, out _));
    }

    // Size and depth, then which of the first packets are lost; what must come back.
    [Theory]
    [InlineData(4, 1, "0", "0")]
    [InlineData(4, 1, "3", "3")]
    [InlineData(4, 1, "1 2", "")] // two of one group
    [InlineData(4, 1, "1 5", "1 5")]
    [InlineData(4, 2, "2 3", "2 3")] // a burst of two over two groups
    [InlineData(4, 4, "4 5 6 7", "4 5 6 7")]
    [InlineData(4, 4, "4 5 6 7 8", "5 6 7")]
    [InlineData(2, 8, "0 1 2 3 4 5 6 7", "0 1 2 3 4 5 6 7")]
    [InlineData(1, 1, "0 1 2 3", "0 1 2 3")] // each packet is sent twice
    [InlineData(45, 1, "44", "44")]
    public void Losses_are_repaired_within_a_groups_means(int size, int depth, string lost, string back)
    {
        using FecStream stream = new(7, new FecProtection(size, depth));
        using FlexFecDecoder decoder = new(FecStream.Source, stream.Pool, FecStream.Mutable, new());
        Dictionary<int, byte[]> packets = [];
        HashSet<int> gone = [.. Numbers(lost)];
        List<int> recovered = [];
        byte[] into = new byte[1500];
        for (int i = 0; i < 64; i++)
        {
            packets[i] = stream.Next(out byte[]? repair);
            if (!gone.Contains(i))
            {
                decoder.HandleMedia(packets[i]);
            }

            if (repair is not null)
            {
                Assert.Equal(FlexFecDropReason.None, decoder.HandleRepair(repair));
            }

            while (decoder.TryTake(into, out int length))
            {
                int number = packets.Single(p => RtpBytes.Parse(p.Value).SequenceNumber == RtpBytes.Parse(into.AsSpan(0, length)).SequenceNumber).Key;
                Assert.Equal(FecStream.AsRecovered(packets[number]), into[..length]);
                recovered.Add(number);
            }
        }

        Assert.Equal(Numbers(back), recovered.Order());
        Assert.Equal(recovered.Count, decoder.GetStatistics().Recovered);
    }

    [Fact]
    public void A_retransmission_completes_what_one_repair_packet_could_not()
    {
        using FecStream stream = new(3, new FecProtection(4, 1));
        using FlexFecDecoder decoder = new(FecStream.Source, stream.Pool, FecStream.Mutable, new());
        byte[][] packets = [.. Enumerable.Range(0, 3).Select(_ => stream.Next(out byte[]? _))];
        byte[] last = stream.Next(out byte[]? repair);
        decoder.HandleMedia(packets[0]);
        decoder.HandleMedia(last);
        decoder.HandleRepair(repair!);
        byte[] into = new byte[1500];
        Assert.False(decoder.TryTake(into, out _));
        decoder.HandleMedia(packets[1]);
        Assert.True(decoder.TryTake(into, out int length));
        Assert.Equal(FecStream.AsRecovered(packets[2]), into[..length]);
    }

    [Theory]
    [InlineData(0.02, 10, 1, 11)]
    [InlineData(0.05, 5, 1, 12)]
    [InlineData(0.10, 4, 1, 13)]
    [InlineData(0.10, 4, 4, 14)]
    [InlineData(0.30, 2, 2, 15)]
    public void Random_loss_with_reordering_is_repaired_as_often_as_probability_says(double loss, int size, int depth, int seed)
    {
        const int Count = 20_000;
        using FecStream stream = new(seed, new FecProtection(size, depth));
        using FlexFecDecoder decoder = new(FecStream.Source, stream.Pool, FecStream.Mutable, new());
        Random random = new(seed);
        Dictionary<ushort, byte[]> lost = [];
        byte[]? late = null;
        byte[] into = new byte[1500];
        int losses = 0;
        int back = 0;
        for (int i = 0; i < Count; i++)
        {
            byte[] packet = stream.Next(out byte[]? repair);
            if (random.NextDouble() < loss)
            {
                lost[RtpBytes.Parse(packet).SequenceNumber.Value] = packet;
                losses++;
            }
            else if (late is null && random.Next(10) == 0)
            {
                late = packet;
            }
            else
            {
                decoder.HandleMedia(packet);
                if (late is not null)
                {
                    decoder.HandleMedia(late);
                    late = null;
                }
            }

            if (repair is not null && random.NextDouble() >= loss)
            {
                decoder.HandleRepair(repair);
            }

            for (; decoder.TryTake(into, out int length);)
            {
                // What was only late may be recovered as well; a recovered packet is never another than the lost one.
                if (lost.Remove(RtpBytes.Parse(into.AsSpan(0, length)).SequenceNumber.Value, out byte[]? original))
                {
                    Assert.Equal(FecStream.AsRecovered(original), into[..length]);
                    back++;
                }
            }
        }

        // A lost packet comes back when the others of its group and the repair packet came.
        double expected = Math.Pow(1 - loss, size);
        Assert.InRange(back / (double)losses, expected - 0.04, expected + 0.04);
    }

    [Fact]
    public void Blocks_are_given_back()
    {
        FecStream stream = new(1, new FecProtection(4, 8));
        FlexFecDecoder decoder = new(FecStream.Source, stream.Pool, FecStream.Mutable, new());
        for (int i = 0; i < 1000; i++)
        {
            byte[] packet = stream.Next(out byte[]? repair);
            if (i % 3 != 0)
            {
                decoder.HandleMedia(packet);
            }

            if (repair is not null)
            {
                decoder.HandleRepair(repair);
            }
        }

        Assert.InRange(stream.Pool.InUse, 1, 8 + 128 + 32);
        stream.Encoder.Protection = FecProtection.None;
        decoder.Dispose();
        Assert.Equal(0, stream.Pool.InUse);
        Assert.False(stream.Encoder.Add(Instant.Zero, new(1), new byte[12], [], []));
    }

    [Fact]
    public void Without_free_blocks_packets_go_unprotected_and_are_counted()
    {
        using FlexFecEncoder encoder = new(FecStream.Source, new PacketBlockPool(1), FecStream.Mutable) { Protection = new(4, 2) };
        byte[] packet = Convert.FromHexString(Media[2]);
        for (ushort i = 0; i < 4; i++)
        {
            encoder.Add(Instant.Zero, new(i), packet.AsSpan(0, 12), [], packet.AsSpan(12));
        }

        Assert.Equal(2, encoder.Unprotected);
    }

    // Sequence numbers as they are added to groups of three; "!" where a repair packet is due.
    [Theory]
    [InlineData("0 1 2! 3 4 5!")]
    [InlineData("0 2 1! 3")] // late, but its group is open
    [InlineData("0 0 1 1 2!")] // a number counts once
    [InlineData("5 4 6 7!")] // before the group's first
    [InlineData("0 1 50 51 52!")] // beyond reach: the group that could not be filled is forgotten
    [InlineData("65534 65535 0! 1")]
    public void Groups_fill_by_sequence_number(string story)
    {
        using FlexFecEncoder encoder = new(FecStream.Source, new PacketBlockPool(), FecStream.Mutable) { Protection = new(3, 1) };
        byte[] into = new byte[1500];
        foreach (string step in story.Split(' '))
        {
            bool ready = encoder.Add(Instant.Zero, new(ushort.Parse(step.TrimEnd('!'))), Convert.FromHexString(Media[2]), [], []);
            Assert.Equal((story, step, step.EndsWith('!')), (story, step, ready));
            Assert.Equal(ready, encoder.Take(into) > 0);
        }
    }

    [Fact]
    public void A_group_that_takes_too_long_is_forgotten()
    {
        using FlexFecEncoder encoder = new(FecStream.Source, new PacketBlockPool(), FecStream.Mutable) { Protection = new(2, 1) };
        byte[] packet = Convert.FromHexString(Media[2]);
        Assert.False(encoder.Add(Instant.Zero, new(1), packet, [], []));
        Assert.False(encoder.Add(Instant.FromMilliseconds(1100), new(2), packet, [], []));
        Assert.True(encoder.Add(Instant.FromMilliseconds(1110), new(3), packet, [], []));
    }

    [Fact]
    public void Protection_allocates_nothing_per_packet()
    {
        using FecStream stream = new(5, new FecProtection(4, 2));
        using FlexFecDecoder decoder = new(FecStream.Source, stream.Pool, FecStream.Mutable, new());
        byte[] packet = RtpBytes.Packet([(1, [1]), (4, [1, 2, 3])], new byte[1100], new RtpHeaderFields(new(101), false, new(0), new(0), FecStream.Source));
        byte[] into = new byte[1500];
        ushort sequence = 0;
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            RtpHeaderWriter.Overwrite(packet, new RtpHeaderFields(new(101), false, new(sequence), new(sequence), FecStream.Source));
            if (stream.Encoder.Add(Instant.Zero, new(sequence), packet.AsSpan(0, 24), [], packet.AsSpan(24)))
            {
                decoder.HandleRepair(into.AsSpan(0, stream.Encoder.Take(into)));
            }

            if (sequence % 7 != 0)
            {
                decoder.HandleMedia(packet);
            }

            while (decoder.TryTake(into, out _))
            {
            }

            sequence++;
        }));
    }

    private static IEnumerable<int> Numbers(string text) => text.Length == 0 ? [] : text.Split(' ').Select(int.Parse);
}
