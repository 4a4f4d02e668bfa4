namespace Crosspoint.Fuzz;

/// <summary>What was asked for on the command line.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        crosspoint-fuzz [--target NAME[,NAME…]|all] [--replay] [--seconds N] [--minutes N] [--seed S]
                        [--corpus DIR] [--findings DIR] [--json] [--list] [--make-corpus]
          --replay       run every input of the corpus once
          --seconds N    mutate for N seconds per target (default 5, or 0 with --replay)
          --minutes N    mutate for N minutes in all, shared among the targets in turns
          --make-corpus  write the seeds of our own writers into the corpus
        Exit code: 0 nothing found, 1 something found, 2 wrong usage.
        """;

    public string Target { get; private set; } = "all";

    public bool Replay { get; private set; }

    public double? Seconds { get; private set; }

    public double? Minutes { get; private set; }

    public int Seed { get; private set; } = Environment.TickCount & 0xFFFF;

    public string? CorpusFolder { get; private set; }

    public string? FindingsFolder { get; private set; }

    public bool Json { get; private set; }

    public bool List { get; private set; }

    public bool MakeCorpus { get; private set; }

    /// <summary>Null when it makes no sense.</summary>
    public static CommandLine? Parse(string[] args)
    {
        var line = new CommandLine();
        for (int i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--replay": line.Replay = true; break;
                case "--json": line.Json = true; break;
                case "--list": line.List = true; break;
                case "--make-corpus": line.MakeCorpus = true; break;
                case "--target" when value is not null: line.Target = args[++i]; break;
                case "--corpus" when value is not null: line.CorpusFolder = args[++i]; break;
                case "--findings" when value is not null: line.FindingsFolder = args[++i]; break;
                case "--seed" when int.TryParse(value, out int seed): (line.Seed, i) = (seed, i + 1); break;
                case "--seconds" when double.TryParse(value, out double seconds) && seconds >= 0: (line.Seconds, i) = (seconds, i + 1); break;
                case "--minutes" when double.TryParse(value, out double minutes) && minutes >= 0: (line.Minutes, i) = (minutes, i + 1); break;
                default: return null;
            }
        }

        return line;
    }
}
