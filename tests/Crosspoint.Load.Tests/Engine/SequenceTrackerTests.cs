using Crosspoint.Load.Engine;

namespace Crosspoint.Load.Tests.Engine;

public class SequenceTrackerTests
{
    // numbers that came → received, lost, twice, late
    [Theory]
    [InlineData("", 0, 0, 0, 0)]
    [InlineData("7", 1, 0, 0, 0)]
    [InlineData("1 2 3 4", 4, 0, 0, 0)]
    [InlineData("1 2 4 5", 4, 1, 0, 0)]
    [InlineData("1 2 4 3 5", 5, 0, 0, 1)]
    [InlineData("1 2 2 3", 3, 0, 1, 0)]
    [InlineData("5 4 6", 3, 0, 0, 1)]
    [InlineData("65534 65535 0 1", 4, 0, 0, 0)]
    [InlineData("65534 1 2", 3, 2, 0, 0)]
    [InlineData("65534 0 65535 1", 4, 0, 0, 1)]
    [InlineData("1 101 102", 3, 99, 0, 0)]
    [InlineData("1 101 2", 2, 99, 1, 0)]
    [InlineData("1 64 2", 3, 61, 0, 1)]
    public void Streams_are_counted_as_they_came(string numbers, long received, long lost, long duplicates, long reordered)
    {
        SequenceTracker tracker = default;
        foreach (string number in numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            tracker.Add(ushort.Parse(number));
        }

        Assert.Equal((received, lost, duplicates, reordered), (tracker.Received, tracker.Lost, tracker.Duplicates, tracker.Reordered));
    }

    [Fact]
    public void Many_cycles_are_one_long_stream()
    {
        SequenceTracker tracker = default;
        for (int i = 0; i < 300_000; i++)
        {
            if (i % 1000 != 999)
            {
                tracker.Add((ushort)i);
            }
        }

        Assert.Equal((299_700, 299), (tracker.Received, tracker.Lost));
        Assert.Equal(299_998, tracker.Highest);
    }
}
