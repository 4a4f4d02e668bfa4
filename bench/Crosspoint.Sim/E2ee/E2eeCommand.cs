using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;

namespace Crosspoint.Sim.E2ee;

/// <summary><c>e2ee</c>: random schedules against the actor of a room's keys, and a large room.</summary>
internal static class E2eeCommand
{
    public static Command Create()
    {
        Option<long> schedules = new("--schedules") { Description = "How many.", DefaultValueFactory = _ => 10_000 };
        Option<long> seed = new("--seed") { Description = "Of the first; schedule i has seed + i.", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Print a JSON object." };
        Option<int> members = new("--members") { Description = "Members of the large room; 0 leaves it out.", DefaultValueFactory = _ => 200 };
        Command command = new("e2ee", "Runs random schedules of joins, departures, losses and lies against the keys of a room.") { schedules, seed, json, members };
        command.SetAction(result => Run(result.GetValue(schedules), (ulong)result.GetValue(seed), result.GetValue(members), result.GetValue(json)));
        return command;
    }

    private static int Run(long schedules, ulong seed, int members, bool json)
    {
        long started = Stopwatch.GetTimestamp();
        long violations = 0;
        long leaked = 0;
        long epochs = 0;
        int[] commitMs = new int[2048];
        for (long index = 0; index < schedules; index++)
        {
            ScheduleResult one = Schedule.Run(seed + (ulong)index);
            violations += one.Violations.Count;
            leaked += one.PacketsLeaked;
            epochs += one.Epoch;
            foreach (int ms in one.CommitMs)
            {
                commitMs[Math.Clamp(ms, 0, commitMs.Length - 1)]++;
            }

            if (one.Violations.Count > 0 && violations <= 20)
            {
                Console.Error.WriteLine($"seed {seed + (ulong)index}: {string.Join("; ", one.Violations)}");
            }
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        ScaleResult? scale = members > 0 ? ScaleRun.Run(members, joiners: 25, rttMs: 50, computeMs: 85, processMs: 45, seed) : null;
        Print(schedules, violations, leaked, Percentile(commitMs, 0.95), seed, seconds, epochs, scale, json);
        return violations + leaked + (scale?.Violations.Count ?? 0) == 0 ? 0 : 1;
    }

    private static int Percentile(int[] histogram, double share)
    {
        long total = histogram.Sum(count => (long)count);
        long seen = 0;
        for (int ms = 0; ms < histogram.Length; ms++)
        {
            seen += histogram[ms];
            if (seen >= total * share)
            {
                return ms;
            }
        }

        return 0;
    }

    private static void Print(long schedules, long violations, long leaked, int commitP95Ms, ulong seed, double seconds, long epochs, ScaleResult? scale, bool json)
    {
        if (!json)
        {
            Console.WriteLine($"{schedules} schedules from seed {seed} in {seconds:0.0} s: {violations} violations, {leaked} packets leaked, {epochs} epochs, commit to switch p95 {commitP95Ms} ms");
            if (scale is not null)
            {
                Console.WriteLine($"{scale.Members} members: an epoch applied by all within {scale.AppliedP95Ms} ms p95, {scale.BytesPerMember:0} bytes to each; {scale.Joiners} joiners at once in within {scale.JoinedMs} ms");
            }

            return;
        }

        using Utf8JsonWriter writer = new(Console.OpenStandardOutput(), new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteNumber("schedules", schedules);
        writer.WriteNumber("violations", violations);
        writer.WriteNumber("packetsLeaked", leaked);
        writer.WriteNumber("commitP95Ms", commitP95Ms);
        writer.WriteNumber("seed", seed);
        writer.WriteNumber("seconds", Math.Round(seconds, 1));
        writer.WriteNumber("epochs", epochs);
        if (scale is not null)
        {
            writer.WriteNumber("members", scale.Members);
            writer.WriteNumber("appliedByAllP95Ms", scale.AppliedP95Ms);
            writer.WriteNumber("bytesPerMember", Math.Round(scale.BytesPerMember));
            writer.WriteNumber("joiners", scale.Joiners);
            writer.WriteNumber("joinedMs", scale.JoinedMs);
        }

        writer.WriteEndObject();
        writer.Flush();
        Console.WriteLine();
    }
}
