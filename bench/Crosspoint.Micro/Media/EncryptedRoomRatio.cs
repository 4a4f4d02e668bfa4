using System.Diagnostics;
using System.Globalization;

namespace Crosspoint.Micro.Media;

/// <summary>
/// The ratio of <see cref="EncryptedRoomBenchmarks"/> with both rooms in turns, a millisecond each: whatever else the machine does falls on both, where
/// one after the other the noise is larger than the difference.
/// </summary>
internal static class EncryptedRoomRatio
{
    private const int WarmUpRounds = 60;
    private const int Rounds = 300;
    private const int PacketsPerTurn = 30_000;

    // So that a turn stays as short.
    private const int SendingTakesLonger = 10;

    public static int Print(TextWriter output)
    {
        output.WriteLine("receivers  sent  clear ns  looked ns  ratio     (tenth percentile of each, median of the ratios)");
        foreach (bool isSent in (bool[])[false, true])
        {
            foreach (int consumers in (int[])[3, 25, 100])
            {
                EncryptedRoomBenchmarks rooms = new() { Consumers = consumers, IsSent = isSent };
                rooms.SetUp();
                (double[] clear, double[] looked, double[] ratio) = Measure(rooms, PacketsPerTurn / consumers / (isSent ? SendingTakesLonger : 1));
                rooms.CleanUp();
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{consumers,9}  {(isSent ? "yes" : "no"),4}  {clear[Rounds / 10],8:0}  {looked[Rounds / 10],9:0}  {ratio[Rounds / 2],5:0.000}"));
            }
        }

        return 0;
    }

    private static (double[] Clear, double[] Looked, double[] Ratio) Measure(EncryptedRoomBenchmarks rooms, int packets)
    {
        double[][] times = [new double[Rounds], new double[Rounds], new double[Rounds]];
        for (int round = -WarmUpRounds; round < Rounds; round++)
        {
            (double clear, double looked) = (Time(rooms.Clear, packets), Time(rooms.Looked, packets));
            if (round >= 0)
            {
                (times[0][round], times[1][round], times[2][round]) = (clear, looked, looked / clear);
            }
        }

        Array.ForEach(times, Array.Sort);
        return (times[0], times[1], times[2]);
    }

    private static double Time(Func<int> forward, int packets)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < packets; i++)
        {
            forward();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / packets;
    }
}
