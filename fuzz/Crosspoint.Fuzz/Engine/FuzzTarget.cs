namespace Crosspoint.Fuzz.Engine;

/// <summary>Runs a parser over untrusted bytes; the answer says which way it went, so that new ways are noticed.</summary>
public delegate int FuzzRun(ReadOnlySpan<byte> input);

/// <summary>One thing to be fuzzed, and what it may cost.</summary>
/// <param name="Name">Also the folder of its corpus.</param>
/// <param name="Run">The parser.</param>
/// <param name="Seeds">Well-formed inputs, made by our own writers.</param>
public sealed record FuzzTarget(string Name, FuzzRun Run, Func<IEnumerable<byte[]>> Seeds)
{
    /// <summary>Longest input tried: a datagram, unless the target is no datagram.</summary>
    public int MaxInputBytes { get; init; } = 1500;

    /// <summary>Most bytes one input may allocate.</summary>
    public long MaxAllocatedBytes { get; init; } = 64 << 10;

    /// <summary>Most processor time one input may take.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Words that mean something to the parser, for the mutator to strew in.</summary>
    public IReadOnlyList<byte[]> Words { get; init; } = [];
}
