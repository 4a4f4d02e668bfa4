using Crosspoint.Fuzz;
using Crosspoint.Fuzz.Engine;

CommandLine? line = CommandLine.Parse(args);
IReadOnlyList<FuzzTarget>? targets = line is null ? null : FuzzTargets.Select(line.Target);
if (line is null || targets is null)
{
    await Console.Error.WriteLineAsync(CommandLine.Usage);
    await Console.Error.WriteLineAsync("Targets: " + string.Join(' ', FuzzTargets.All.Select(t => t.Name)));
    return 2;
}

return new FuzzSession(line, targets).Run();
