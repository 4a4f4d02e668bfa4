using Crosspoint.Load.Engine;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Scenarios;

/// <summary>
/// Looks for the most a server carries: levels go up by a quarter until one loses more than 0.1 % or takes the whole core, then the last step is halved three times.
/// </summary>
/// <param name="engine">The load.</param>
/// <param name="server">Whose CPU is measured.</param>
/// <param name="setLevel">Takes a level in Mbit/s.</param>
internal sealed class Ramp(LoadEngine engine, IServerUnderTest server, Action<double> setLevel)
{
    private const double MostLostPercent = 0.1;
    private const double FullCorePercent = 99;
    private const double Step = 1.25;
    private const int Halvings = 3;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2.5);

    /// <summary>The highest level that was carried, and what was measured there.</summary>
    public async Task<(double Megabits, Sample Sample)> FindAsync(double start, double most, CancellationToken cancellationToken)
    {
        (double Megabits, Sample Sample) best = (start, await TryAsync(start, cancellationToken));
        double good = start;
        double bad = Math.Min(start * Step, most);
        while (bad < most && await IsCarriedAsync(bad))
        {
            good = bad;
            bad = Math.Min(bad * Step, most);
        }

        for (int i = 0; i < Halvings && good < most; i++)
        {
            setLevel(good / 2);
            await Task.Delay(Settling, cancellationToken);
            double middle = (good + bad) / 2;
            (good, bad) = await IsCarriedAsync(middle) ? (middle, bad) : (good, middle);
        }

        return best;

        async Task<bool> IsCarriedAsync(double level)
        {
            Sample sample = await TryAsync(level, cancellationToken);
            bool isCarried = sample[Figures.LostPercent] <= MostLostPercent && sample[Figures.ServerCpuPercent] < FullCorePercent && sample[Figures.SendFailures] is null;
            best = isCarried && sample[Figures.PacketsPerSecond] > best.Sample[Figures.PacketsPerSecond] ? (level, sample) : best;
            return isCarried;
        }
    }

    private async Task<Sample> TryAsync(double level, CancellationToken cancellationToken)
    {
        setLevel(level);
        await Task.Delay(Settling, cancellationToken);
        Sample sample = await Window.MeasureAsync(engine, server.ProcessIds, Length, cancellationToken);
        Bench.Say($"  {level:0.0} Mbit/s: {sample[Figures.PacketsPerSecond]:0}/s, {sample[Figures.UsPerPacket]:0.00} µs, lost {sample[Figures.LostPercent]:0.000} %, server {sample[Figures.ServerCpuPercent]:0} %, load {sample[Figures.LoadCpuPercent]:0} %, send late {sample[Figures.SendLateMs]:0} ms");
        return sample;
    }
}
