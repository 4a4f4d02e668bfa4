using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace Crosspoint.Load.Floor;

/// <summary>
/// Reads the clock and does nothing else: how long this machine stands still under a program that wants nothing but to run.
/// No delay that is measured here can have a shorter tail.
/// </summary>
internal static class BareClock
{
    /// <summary>The verb that <see cref="Scenarios.StillnessScenario"/> starts this with.</summary>
    public const string Verb = "bare-clock";

    private static readonly Option<double> Seconds = new("--seconds") { Required = true };

    /// <summary>The hidden verb; prints the longest pause in ms and the share of time in pauses above half a millisecond in percent.</summary>
    public static Command Create()
    {
        Command command = new(Verb) { Seconds };
        command.Hidden = true;
        command.SetAction(arguments => Run(TimeSpan.FromSeconds(arguments.GetValue(Seconds))));
        return command;
    }

    private static void Run(TimeSpan length)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(0.5);
        TimeSpan longest = TimeSpan.Zero;
        TimeSpan paused = TimeSpan.Zero;
        long begun = Stopwatch.GetTimestamp();
        for (long last = begun, now; Stopwatch.GetElapsedTime(begun, last) < length; last = now)
        {
            now = Stopwatch.GetTimestamp();
            TimeSpan gap = Stopwatch.GetElapsedTime(last, now);
            longest = gap > longest ? gap : longest;
            paused += gap > pause ? gap : TimeSpan.Zero;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{longest.TotalMilliseconds} {100 * (paused / length)}"));
    }
}
