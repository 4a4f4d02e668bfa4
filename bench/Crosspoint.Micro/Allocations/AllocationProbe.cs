using System.Reflection;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Running;

namespace Crosspoint.Micro.Allocations;

/// <summary>
/// Counts what the bodies of the benchmarks allocate, each some thousand times in this thread: exact, where BenchmarkDotNet
/// estimates, and fast enough for every run of the tests.
/// </summary>
public static class AllocationProbe
{
    // Calls, not operations. Enough to fill what fills up to a bound, such as the blocks of a retransmission store.
    private const int WarmUpCalls = 2500;
    private const int Calls = 2500;

    /// <summary>Every benchmark with every combination of its parameters.</summary>
    public static IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        .. typeof(AllocationProbe).Assembly.GetTypes()
            .Where(type => type is { IsPublic: true, IsAbstract: false } && type.Name.EndsWith("Benchmarks", StringComparison.Ordinal))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => BenchmarkConverter.TypeToBenchmarks(type, new MicroConfig()).BenchmarksCases),
    ];

    /// <summary>The name that the baseline knows it by.</summary>
    public static string NameOf(BenchmarkCase benchmark)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        string name = $"{benchmark.Descriptor.Type.Name}.{benchmark.Descriptor.WorkloadMethod.Name}";
        string parameters = string.Join(", ", benchmark.Parameters.Items.Select(parameter => $"{parameter.Name}: {parameter.Value}"));
        return parameters.Length == 0 ? name : $"{name}({parameters})";
    }

    /// <summary>Runs it here and now.</summary>
    public static AllocationFigure Measure(BenchmarkCase benchmark)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        object instance = Activator.CreateInstance(benchmark.Descriptor.Type)!;
        foreach (ParameterInstance parameter in benchmark.Parameters.Items)
        {
            benchmark.Descriptor.Type.GetProperty(parameter.Name)!.SetValue(instance, parameter.Value);
        }

        benchmark.Descriptor.GlobalSetupMethod?.Invoke(instance, null);
        try
        {
            long bytes = Count(Body(benchmark.Descriptor.WorkloadMethod, instance));
            return new AllocationFigure(NameOf(benchmark), bytes, (long)Calls * benchmark.Descriptor.OperationsPerInvoke);
        }
        finally
        {
            benchmark.Descriptor.GlobalCleanupMethod?.Invoke(instance, null);
        }
    }

    // All bodies return an int, so that what they do is not optimised away and nothing is boxed on the way here.
    private static Func<int> Body(MethodInfo method, object instance) => method.CreateDelegate<Func<int>>(instance);

    private static long Count(Func<int> body)
    {
        Run(body, WarmUpCalls);
        return AllocationMeter.Count(() => Run(body, Calls));
    }

    private static void Run(Func<int> body, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            body();
        }
    }
}
