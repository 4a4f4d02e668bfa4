using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Rtc.Tests.Congestion;

public sealed class PacerTests
{
    // 800 kbit/s: 100 bytes per ms, 4000 in a burst. "p1200" must pass, "x1200" must not, "c100" is charged, "+5" ms pass,
    // "n1200=12" would pass in 12 ms, "r400" changes the rate, "b5" the burst.
    [Theory]
    [InlineData("p1200 p1200 p1200 x1200 n1200=8 +7 x1200 +1 p1200")]
    [InlineData("p4000 x1 +1 p100")]
    [InlineData("p20000 x1 n1=160.01 +160 x1 +1 p1")]      // larger than a burst: passes when nothing is owed
    [InlineData("c3000 p1000 x1")]                          // audio takes from the burst
    [InlineData("p4000 c100 c100 +2 x1 +1 p1")]             // audio passes whatever is owed
    [InlineData("c900000 n1=460.01 +461 p1")]               // ... and is not owed for ever
    [InlineData("+100000 p4000 x1")]                        // idle time is not saved up
    [InlineData("p4000 r400 +49 x500 +1 p500")]              // what is owed is owed; the burst shrinks with the rate
    [InlineData("b5 p400 x200 +1 p200 x1")]
    [InlineData("r0 p1200 x1 n1=never")]
    [InlineData("n1200=0 p1200")]
    public void Stories(string story)
    {
        Instant now = Instant.FromMilliseconds(1000);
        Pacer pacer = new(Bitrate.FromKilobits(800), now);
        foreach (string step in story.Split(' '))
        {
            string[] parts = step[1..].Split('=');
            int value = int.Parse(parts[0]);
            switch (step[0])
            {
                case 'p' or 'x':
                    Assert.Equal((story, step, step[0] == 'p'), (story, step, pacer.TryPass(now, value)));
                    break;
                case 'c':
                    pacer.Charge(now, value);
                    break;
                case 'n':
                    Instant next = pacer.NextTime(value);
                    Assert.Equal((story, step, parts[1]), (story, step, next.IsNever ? "never" : $"{(next - now).TotalMilliseconds}"));
                    break;
                case 'r':
                    pacer.SetRate(now, Bitrate.FromKilobits(value), Pacer.LongBurst);
                    break;
                case 'b':
                    pacer.SetRate(now, pacer.Rate, TimeSpan.FromMilliseconds(value));
                    break;
                default:
                    now += TimeSpan.FromMilliseconds(value);
                    break;
            }
        }
    }

    // The rates are such that times come out between two ticks: found by the simulator, where a router asked for ever.
    [Theory]
    [InlineData(450_001)]
    [InlineData(777_777)]
    [InlineData(2_999_999)]
    [InlineData(50_000_000)]
    public void Who_asks_again_when_told_passes(int rate)
    {
        Instant now = Instant.FromMilliseconds(103.579);
        Pacer pacer = new(new Bitrate(rate), now);
        for (int i = 0; i < 2000; i++)
        {
            int bytes = 60 + (i * 37 % 1140);
            if (!pacer.TryPass(now, bytes))
            {
                Instant next = pacer.NextTime(bytes);
                Assert.True(next > now, $"packet {i} is told to ask again at once");
                now = next;
                Assert.True(pacer.TryPass(now, bytes), $"packet {i} is refused when it was told to come");
            }
        }
    }
}
