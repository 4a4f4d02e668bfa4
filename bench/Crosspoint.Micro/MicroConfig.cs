using System.Runtime.CompilerServices;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Crosspoint.Micro;

/// <summary>
/// How the micro-benches run: in this process, because the projects BenchmarkDotNet would generate do not build below this
/// repository's analyzers and locked packages; few and short iterations, because the machine is shared and only ratios count.
/// </summary>
public sealed class MicroConfig : ManualConfig
{
    /// <summary>The one configuration.</summary>
    public MicroConfig()
    {
        AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(5).WithIterationTime(TimeInterval.FromMilliseconds(100)));
        AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)));
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        ArtifactsPath = Path.Combine(ProjectFolder, "..", "..", "artifacts", "micro");
        Options |= ConfigOptions.JoinSummary;
    }

    /// <summary>Where the sources of this project are.</summary>
    internal static string ProjectFolder { get; } = FindFolder();

    private static string FindFolder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
