using System.Diagnostics;
using Crosspoint.Load.Measure;

namespace Crosspoint.Load.Floor;

/// <summary>A stretch of bare traffic, measured: the CPU of the program that sends it over the datagrams that arrived.</summary>
internal static class BareWindow
{
    /// <summary>Measures for so long.</summary>
    /// <param name="processId">Whose CPU.</param>
    /// <param name="received">Datagrams so far.</param>
    /// <param name="length">How long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Sample> MeasureAsync(int processId, Func<long> received, TimeSpan length, CancellationToken cancellationToken)
    {
        ProcessCpu program = new([processId]);
        long cpu = program.Read();
        long before = received();
        long begun = Stopwatch.GetTimestamp();
        await Task.Delay(length, cancellationToken);
        cpu = program.Read() - cpu;
        long count = received() - before;
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return new Sample
        {
            [Figures.UsPerPacket] = count == 0 ? null : cpu / 1000.0 / count,
            [Figures.PacketsPerSecond] = count / seconds,
            [Figures.ServerCpuPercent] = cpu / 1e7 / seconds,
            [Figures.RssMb] = program.ReadResidentBytes() / 1048576.0,
        };
    }
}
