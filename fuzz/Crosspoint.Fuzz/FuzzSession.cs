using System.Globalization;
using System.Text;
using System.Text.Json;
using Crosspoint.Fuzz.Engine;

namespace Crosspoint.Fuzz;

/// <summary>One run of the program: recover, replay, mutate, report.</summary>
internal sealed class FuzzSession
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(60);

    private readonly CommandLine _line;
    private readonly IReadOnlyList<FuzzTarget> _targets;
    private readonly string _corpus;
    private readonly string _findingsFolder;
    private readonly List<FuzzFinding> _findings = [];

    public FuzzSession(CommandLine line, IReadOnlyList<FuzzTarget> targets)
    {
        _line = line;
        _targets = targets;
        string root = FindRoot();
        _corpus = line.CorpusFolder ?? Path.Combine(root, "fuzz", "corpus");
        _findingsFolder = line.FindingsFolder ?? Path.Combine(root, "fuzz", "findings");
    }

    /// <summary>The exit code.</summary>
    public int Run()
    {
        if (_line.List || _line.MakeCorpus)
        {
            foreach (FuzzTarget target in _targets)
            {
                Console.WriteLine(_line.MakeCorpus ? $"{target.Name}: {Corpus.WriteSeeds(_corpus, target)} new" : target.Name);
            }

            return 0;
        }

        Say($"seed {_line.Seed}, {_targets.Count} targets");
        foreach (FuzzFinding left in BlackBox.Recover(_findingsFolder))
        {
            Report(left);
        }

        using var blackBox = new BlackBox(_findingsFolder, HangLimit);
        // Loading the corpus runs each of its inputs once: that is the replay.
        var fuzzers = _targets.Select(t => new Fuzzer(t, _line.Seed, Corpus.LoadWithSeeds(_corpus, t), Report, blackBox)).ToList();
        long replayed = fuzzers.Sum(f => f.Executions);
        Say($"replayed {replayed} inputs of the corpus");
        Mutate(fuzzers);
        Conclude(fuzzers, replayed);
        return _findings.Count == 0 ? 0 : 1;
    }

    private void Mutate(List<Fuzzer> fuzzers)
    {
        if (_line.Minutes is { } minutes)
        {
            TimeSpan each = TimeSpan.FromMinutes(minutes) / fuzzers.Count;
            while (fuzzers.Any(f => f.Spent < each))
            {
                foreach (Fuzzer fuzzer in fuzzers)
                {
                    TimeSpan left = each - fuzzer.Spent;
                    fuzzer.RunFor(left < Slice ? left : Slice);
                }

                Say($"{DateTime.UtcNow.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {fuzzers.Sum(f => f.Executions):N0} runs, {fuzzers.Sum(f => f.Signatures):N0} ways, {_findings.Count} findings, {fuzzers.Sum(f => f.Spent.TotalMinutes):0.0} min");
            }

            return;
        }

        foreach (Fuzzer fuzzer in fuzzers)
        {
            double seconds = _line.Seconds ?? (_line.Replay ? 0 : 5);
            if (seconds > 0)
            {
                fuzzer.RunFor(TimeSpan.FromSeconds(seconds));
            }
        }
    }

    private void Report(FuzzFinding finding)
    {
        string path = finding.Save(_findingsFolder);
        _findings.Add(finding);
        Say($"FOUND {finding.Target}: {finding.Problem.Kind}, {finding.Problem.Key}\n  {finding.Problem.Detail.ReplaceLineEndings("\n  ")}\n  input ({finding.Input.Length} bytes): {path}\n  repeat: --target {finding.Target} --seed {_line.Seed}");
    }

    private void Conclude(List<Fuzzer> fuzzers, long replayed)
    {
        if (_line.Json)
        {
            Console.WriteLine(ToJson(fuzzers, replayed));
            return;
        }

        foreach (Fuzzer f in fuzzers)
        {
            Say($"{f.Target.Name,-28} {f.Executions,12:N0} runs  {f.Executions / Math.Max(0.001, f.Spent.TotalSeconds),9:N0}/s  {f.Entries,5} entries  {f.Signatures,6} ways  {f.Findings.Count} findings");
        }

        Say($"{fuzzers.Sum(f => f.Executions):N0} runs in {fuzzers.Sum(f => f.Spent.TotalMinutes):0.0} min, {_findings.Count} findings; seed {_line.Seed}");
    }

    private string ToJson(List<Fuzzer> fuzzers, long replayed)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("verdict", _findings.Count == 0 ? "pass" : "fail");
            json.WriteNumber("seed", _line.Seed);
            json.WriteNumber("replayed", replayed);
            json.WriteNumber("runs", fuzzers.Sum(f => f.Executions));
            json.WriteNumber("minutes", Math.Round(fuzzers.Sum(f => f.Spent.TotalMinutes), 2));
            json.WriteStartArray("targets");
            foreach (Fuzzer fuzzer in fuzzers)
            {
                json.WriteStartObject();
                json.WriteString("name", fuzzer.Target.Name);
                json.WriteNumber("runs", fuzzer.Executions);
                json.WriteNumber("entries", fuzzer.Entries);
                json.WriteNumber("ways", fuzzer.Signatures);
                json.WriteNumber("findings", fuzzer.Findings.Count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private void Say(string text) => (_line.Json ? Console.Error : Console.Out).WriteLine(text);

    private static string FindRoot()
    {
        foreach (string start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "Crosspoint.slnx")))
                {
                    return folder;
                }
            }
        }

        return Directory.GetCurrentDirectory();
    }
}
