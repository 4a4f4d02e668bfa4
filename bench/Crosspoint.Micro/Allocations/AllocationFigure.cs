namespace Crosspoint.Micro.Allocations;

/// <summary>What one benchmark allocates.</summary>
/// <param name="Benchmark">Class, method and parameters.</param>
/// <param name="Bytes">All of it together.</param>
/// <param name="Operations">In how many operations.</param>
public readonly record struct AllocationFigure(string Benchmark, long Bytes, long Operations)
{
    /// <summary>Rounded up, so that 0 means not one byte in all operations together.</summary>
    public long BytesPerOperation => (Bytes + Operations - 1) / Operations;
}
