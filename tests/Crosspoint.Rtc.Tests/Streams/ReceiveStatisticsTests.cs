using Crosspoint.Primitives;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Rtc.Tests.Streams;

public sealed class ReceiveStatisticsTests
{
    // Sequence numbers in the order of arrival: what the RFC's A.1 and A.3 make of them.
    [Theory]
    [InlineData("10 11 12 13", 13u, 4u, 0, 0)]
    [InlineData("10 12 13", 13u, 3u, 1, 64)]
    [InlineData("10 12 11 13", 13u, 4u, 0, 0)] // reordered is not lost
    [InlineData("10 11 11 11", 11u, 4u, -2, 0)] // duplicates: negative, and no fraction
    [InlineData("65534 65535 0 1", 0x1_0001u, 4u, 0, 0)]
    [InlineData("65534 1 0", 0x1_0001u, 3u, 1, 64)]
    [InlineData("10 5", 10u, 2u, -1, 0)] // before the first
    [InlineData("10 20000", 10u, 1u, 0, 0)] // one packet from far away counts for nothing
    [InlineData("10 20000 11", 11u, 2u, 0, 0)]
    [InlineData("10 11 20000 20001 20002", 20002u, 2u, 0, 0)] // two in a row are a restart
    [InlineData("10 20000 30000 20001", 10u, 1u, 0, 0)]
    [InlineData("10 3009", 3009u, 2u, 2998, 255)]
    [InlineData("10 3010", 10u, 1u, 0, 0)]
    public void Loss_is_counted_as_the_rfc_does(string arrivals, uint highest, uint received, int lost, int fraction)
    {
        ReceiveStatistics statistics = new(90_000);
        foreach (string sequence in arrivals.Split(' '))
        {
            statistics.Update(Instant.Zero, new(ushort.Parse(sequence)), default);
        }

        Assert.Equal((highest, received, lost), (statistics.ExtendedHighestSequence, statistics.Received, statistics.CumulativeLost));
        Assert.Equal(fraction, statistics.TakeFractionLost());
        Assert.Equal(0, statistics.TakeFractionLost());
    }

    [Theory]
    [InlineData("10 11", SequenceVerdict.Newest)]
    [InlineData("10 11 10", SequenceVerdict.Late)]
    [InlineData("10 10", SequenceVerdict.Late)]
    [InlineData("10 20000", SequenceVerdict.Implausible)]
    [InlineData("10 20000 20001", SequenceVerdict.Restarted)]
    [InlineData("200 101", SequenceVerdict.Late)]
    [InlineData("200 100", SequenceVerdict.Implausible)]
    public void Each_packet_gets_a_verdict(string arrivals, SequenceVerdict last)
    {
        ReceiveStatistics statistics = new(90_000);
        SequenceVerdict verdict = default;
        foreach (string sequence in arrivals.Split(' '))
        {
            verdict = statistics.Update(Instant.Zero, new(ushort.Parse(sequence)), default);
        }

        Assert.Equal(last, verdict);
    }

    [Fact]
    public void Jitter_of_an_even_stream_is_zero_and_of_a_swinging_one_converges_to_its_swing()
    {
        ReceiveStatistics even = new(48_000);
        ReceiveStatistics swinging = new(48_000);
        for (int i = 0; i < 500; i++)
        {
            even.Update(Instant.FromMilliseconds(20 * i), new((ushort)i), new((uint)(960 * i)));
            swinging.Update(Instant.FromMilliseconds((20 * i) + (i % 2 * 5)), new((ushort)i), new((uint)(960 * i)));
        }

        Assert.Equal(0u, even.Jitter);
        Assert.InRange(swinging.Jitter, 230u, 240u); // 5 ms are 240 units
        Assert.InRange(swinging.JitterTime.TotalMilliseconds, 4.8, 5.0);
    }

    [Fact]
    public void A_jump_of_the_timestamp_is_no_jitter()
    {
        ReceiveStatistics statistics = new(90_000);
        statistics.Update(Instant.FromMilliseconds(0), new(1), new(0));
        statistics.Update(Instant.FromMilliseconds(33), new(2), new(0x8000_0000));
        statistics.Update(Instant.FromMilliseconds(66), new(3), new(0x8000_0000 + 2970));
        Assert.Equal(0u, statistics.Jitter);
    }

    [Fact]
    public void Fractions_are_of_the_interval_and_not_of_the_whole()
    {
        ReceiveStatistics statistics = new(90_000);
        Feed(ref statistics, 0, 100, i => i % 2 == 0 || i == 99);
        Assert.InRange(statistics.TakeFractionLost(), 120, 128);
        Feed(ref statistics, 100, 200, _ => true);
        Assert.Equal(0, statistics.TakeFractionLost());
        Feed(ref statistics, 200, 300, i => i % 4 != 1);
        Assert.Equal(64, statistics.TakeFractionLost());
        Assert.InRange(statistics.CumulativeLost, 73, 76);
    }

    private static void Feed(ref ReceiveStatistics statistics, int from, int to, Func<int, bool> arrives)
    {
        for (int i = from; i < to; i++)
        {
            if (arrives(i))
            {
                statistics.Update(Instant.Zero, new((ushort)i), default);
            }
        }
    }
}
