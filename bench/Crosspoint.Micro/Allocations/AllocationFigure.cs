namespace Crosspoint.Micro.Allocations;

/// <summary>What one benchmark allocates.</summary>
/// <param name="Benchmark">Class, method and parameters.</param>
/// <param name="BytesPerOperation">Rounded up, so that 0 means not one byte in all operations together.</param>
public readonly record struct AllocationFigure(string Benchmark, long BytesPerOperation);
