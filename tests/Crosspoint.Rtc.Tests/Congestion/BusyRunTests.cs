using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Rtc.Tests.Congestion;

/// <summary>When a link was never idle, and how much passed meanwhile, on rows.</summary>
public sealed class BusyRunTests
{
    // Packets as sent>received in ms on a way that takes at least 20; how long the run at the end is, how long the newest packet waited, and how much of that came about in the run.
    [Theory]
    [InlineData("0>20 10>30 20>40", 0, 0, 0)]                     // each comes as fast as can be
    [InlineData("0>20 1>40 2>60 3>80", 40, 57, 38)]               // a burst through a slow link
    [InlineData("0>20 1>40 2>60 90>110", 0, 0, 0)]                // and then a pause
    [InlineData("0>20 30>150 60>150 90>150 120>150", 0, 10, -90)] // a machine stood still: all at once, and the newest has hardly waited
    [InlineData("0>20 33>55 66>120 99>185 132>250", 130, 98, 64)] // slower than what is sent: the run begins where waiting does
    [InlineData("0>20 1>40 3>60 2>50", 20, 37, 18)]               // overtaken
    [InlineData("0>20 0>22 0>124", 102, 104, 0)]                  // one came 100 ms late: why is not known yet
    [InlineData("0>20 0>22 0>124 33>140 66>173", 49, 87, -17)]    // … those after it came as they were sent: the way is longer
    [InlineData("0>20 0>116 0>212 0>308", 192, 288, 192)]         // each comes so late: a very slow link
    public void Run(string packets, double length, double wait, double growth)
    {
        BusyRun run = default;
        foreach (string packet in packets.Split(' '))
        {
            double[] times = [.. packet.Split('>').Select(double.Parse)];
            run.Add(Instant.FromMilliseconds(1000 + times[0]), Instant.FromMilliseconds(1000 + times[1]), TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal((packets, length, wait, growth), (packets, run.Length.TotalMilliseconds, run.Wait.TotalMilliseconds, run.Growth.TotalMilliseconds));
    }

    // Arrivals as ms x bytes; the rate in kbit/s between two that are 80 ms apart.
    [Theory]
    [InlineData("0x1200 32x1200 64x1200", null)]           // not so long yet
    [InlineData("0x1200 32x1200 64x1200 96x1200", 300.0)]  // exactly what a link of 300 kbit/s does
    [InlineData("0x9999 40x500 80x500", 100.0)]            // the first only begins it
    [InlineData("0x1000 600x1000 680x1000", 100.0)]        // after a pause anew
    public void Between(string arrivals, double? expected)
    {
        AcknowledgedRate rate = default;
        foreach (string arrival in arrivals.Split(' '))
        {
            double[] values = [.. arrival.Split('x').Select(double.Parse)];
            rate.Add(Instant.FromMilliseconds(1000 + values[0]), (int)values[1]);
        }

        Assert.Equal((arrivals, expected), (arrivals, rate.Between(TimeSpan.FromMilliseconds(80))?.KilobitsPerSecond));
    }
}
