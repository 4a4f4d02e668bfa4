using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Tests.Srtp;

public class ReplayWindowTests
{
    [Theory]
    [InlineData(0, 0, SrtpResult.Replayed)]
    [InlineData(0, 1, SrtpResult.Ok)]
    [InlineData(1023, 0, SrtpResult.Ok)]
    [InlineData(1024, 0, SrtpResult.TooOld)]
    [InlineData(5000, 3977, SrtpResult.Ok)]
    [InlineData(5000, 3976, SrtpResult.TooOld)]
    public void One_index_seen_decides_about_another(long seen, long asked, SrtpResult expected)
    {
        var window = default(ReplayWindow);
        window.Commit(seen);
        Assert.Equal(expected, window.Check(asked));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_agrees_with_a_set_of_everything_seen(int seed)
    {
        var random = new Random(seed);
        var window = default(ReplayWindow);
        var seen = new HashSet<long>();
        long highest = -1;
        for (var i = 0; i < 50_000; i++)
        {
            var index = Math.Max(0, highest + random.Next(-1300, random.Next(20) == 0 ? 3000 : 4));
            var expected = highest >= 0 && highest - index >= ReplayWindow.Size ? SrtpResult.TooOld
                : seen.Contains(index) ? SrtpResult.Replayed : SrtpResult.Ok;
            Assert.True(expected == window.Check(index), $"seed {seed}, step {i}, index {index}, highest {highest}");
            if (expected == SrtpResult.Ok)
            {
                window.Commit(index);
                seen.Add(index);
                highest = Math.Max(highest, index);
            }
        }
    }
}
