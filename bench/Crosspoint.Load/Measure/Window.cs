using System.Diagnostics;
using Crosspoint.Load.Engine;

namespace Crosspoint.Load.Measure;

/// <summary>A stretch of steady traffic, measured: the server's CPU over the packets that really arrived, what was lost, how busy the load was.</summary>
internal static class Window
{
    // Often enough that a thread which ends takes little unread time with it.
    private static readonly TimeSpan ReadInterval = TimeSpan.FromMilliseconds(250);

    // What piled up while the load collected has left by then.
    private static readonly TimeSpan CatchUp = TimeSpan.FromMilliseconds(300);

    // A machine that stood still (it was suspended, or others had its cores) has measured nothing.
    private const double LongestPauseMs = 500;

    // After that, half of the legs have lost consent (RFC 7675) or soon will: only a fresh start helps.
    private const double DeadlyPauseMs = 5000;
    private const int Attempts = 3;

    /// <summary>Measures for so long; again when the machine paused meanwhile.</summary>
    public static async Task<Sample> MeasureAsync(LoadEngine engine, IReadOnlyList<int> processIds, TimeSpan length, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            Sample sample = await TryAsync(engine, processIds, length, cancellationToken);
            if (sample[Figures.SendLateMs] > DeadlyPauseMs || sample[Figures.PacketsPerSecond] == 0)
            {
                throw new InvalidOperationException($"nothing to measure: the machine stood still for {sample[Figures.SendLateMs]:0} ms, {sample[Figures.PacketsPerSecond]:0} packets/s arrived");
            }

            if (sample[Figures.SendLateMs] < LongestPauseMs || attempt == Attempts)
            {
                return sample;
            }

            await Console.Error.WriteLineAsync($"  the machine stood still for {sample[Figures.SendLateMs]:0} ms: measuring again");
        }
    }

    /// <summary>The load collects now, so that it need not within what is measured next: a stop of the sender is a burst for the server.</summary>
    public static Task CollectFirstAsync(CancellationToken cancellationToken)
    {
        GC.Collect();
        return Task.Delay(CatchUp, cancellationToken);
    }

    private static async Task<Sample> TryAsync(LoadEngine engine, IReadOnlyList<int> processIds, TimeSpan length, CancellationToken cancellationToken)
    {
        await CollectFirstAsync(cancellationToken);
        ProcessCpu server = new(processIds);
        ProcessCpu kernel = new(KernelThreads.OfNetwork());
        ProcessCpu load = new([Environment.ProcessId]);
        LoadCounters before = await engine.SnapshotAsync();
        _ = await engine.AskAsync(engine.Probe.Take);
        long serverBefore = server.Read();
        long kernelBefore = kernel.Read();
        long loadBefore = load.Read();
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) + ReadInterval < length)
        {
            await Task.Delay(ReadInterval, cancellationToken);
            server.Read();
        }

        await Task.Delay(ReadInterval, cancellationToken);
        LoadCounters after = await engine.SnapshotAsync();
        long serverTime = server.Read() - serverBefore;
        long kernelTime = kernel.Read() - kernelBefore;
        long loadTime = load.Read() - loadBefore;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(begun);
        Check(before, after);
        long received = after.Received - before.Received;
        Sample sample = new()
        {
            [Figures.UsPerPacket] = received == 0 ? null : serverTime / 1000.0 / received,
            [Figures.PacketsPerSecond] = received / elapsed.TotalSeconds,
            [Figures.LostPercent] = LostPercent(before, after),
            [Figures.RssMb] = server.ReadResidentBytes() / 1048576.0,
            [Figures.ServerCpuPercent] = serverTime / 1e7 / elapsed.TotalSeconds,
            [Figures.KernelCpuPercent] = kernelTime / 1e7 / elapsed.TotalSeconds,
            [Figures.LoadCpuPercent] = loadTime / 1e7 / elapsed.TotalSeconds,
            [Figures.SendLateMs] = after.SendLateMs,
        };
        if (after.SilentStreams > 0)
        {
            sample[Figures.SilentStreams] = after.SilentStreams;
        }

        if (after.SendFailures > before.SendFailures)
        {
            sample[Figures.SendFailures] = after.SendFailures - before.SendFailures;
        }

        sample.SetDelays(await engine.AskAsync(engine.Probe.Take));
        return sample;
    }

    /// <summary>Missing by sequence numbers; a stream that never came is lost whole.</summary>
    internal static double LostPercent(in LoadCounters before, in LoadCounters after)
    {
        long expected = after.Expected - before.Expected;
        double lost = Math.Max(0, after.Lost - before.Lost);
        double silent = (double)after.SilentStreams / Math.Max(1, after.AnnouncedStreams);
        return expected <= 0 ? 100 : 100 * (silent + ((1 - silent) * Math.Min(1, lost / expected)));
    }

    private static void Check(in LoadCounters before, in LoadCounters after)
    {
        if (after.Refused > before.Refused)
        {
            throw new InvalidOperationException($"{after.Refused - before.Refused} packets were not authentic");
        }
    }
}
