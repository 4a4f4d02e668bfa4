using System.Diagnostics;

namespace Crosspoint.Fuzz.Engine;

/// <summary>Fuzzes one target: mutates what it has, keeps what went a new way, judges everything.</summary>
public sealed class Fuzzer
{
    // Enough for every way a parser has; a target with endlessly many must not eat the memory.
    private const int MaxEntries = 4000;
    private const int MaxSeen = 1 << 20;
    private const int MaxFindings = 16;

    private readonly FuzzTarget _target;
    private readonly FuzzRandom _random;
    private readonly Mutator _mutator;
    private readonly BlackBox? _blackBox;
    private readonly Action<FuzzFinding> _report;
    private readonly List<byte[]> _entries = [];
    private readonly HashSet<int> _seen = [];
    private readonly Dictionary<string, FuzzFinding> _findings = new(StringComparer.Ordinal);

    public Fuzzer(FuzzTarget target, int seed, IEnumerable<byte[]> corpus, Action<FuzzFinding>? report = null, BlackBox? blackBox = null)
    {
        _target = target;
        _random = FuzzRandom.For(target.Name, seed);
        _mutator = new Mutator(_random, target.MaxInputBytes, target.Words);
        _report = report ?? (_ => { });
        _blackBox = blackBox;
        foreach (byte[] entry in corpus)
        {
            Try(entry);
            _entries.Add(entry);
        }

        if (_entries.Count == 0)
        {
            _entries.Add([0]);
        }
    }

    public FuzzTarget Target => _target;

    public long Executions { get; private set; }

    public int Entries => _entries.Count;

    public int Signatures => _seen.Count;

    public IReadOnlyCollection<FuzzFinding> Findings => _findings.Values;

    public TimeSpan Spent { get; private set; }

    /// <summary>Mutates for a time.</summary>
    public void RunFor(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            RunTimes(32);
        }
        while (Stopwatch.GetElapsedTime(start) < time);

        Spent += Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Mutates so many times; the same results from the same seed and corpus.</summary>
    public void RunTimes(int count)
    {
        for (int i = 0; i < count && _findings.Count < MaxFindings; i++)
        {
            byte[] original = _entries[_random.Below(_entries.Count)];
            byte[] other = _entries[_random.Below(_entries.Count)];
            Try(_mutator.Mutate(original, other));
        }
    }

    private void Try(ReadOnlySpan<byte> input)
    {
        _blackBox?.Write(_target, input);
        FuzzProblem? problem = Oracle.Check(_target, input, out int signature);
        Executions++;
        if (problem is not null)
        {
            Note(problem, input.ToArray());
        }
        else if (_seen.Count < MaxSeen && _seen.Add(signature) && _entries.Count < MaxEntries)
        {
            _entries.Add(input.ToArray());
        }
    }

    private void Note(FuzzProblem problem, byte[] input)
    {
        if (_findings.TryGetValue(problem.Key, out FuzzFinding? known))
        {
            known.Times++;
            return;
        }

        var finding = new FuzzFinding(_target.Name, problem, Minimiser.Minimise(_target, input, problem.Key));
        _findings.Add(problem.Key, finding);
        _report(finding);
    }
}
