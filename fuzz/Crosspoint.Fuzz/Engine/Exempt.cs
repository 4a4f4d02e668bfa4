namespace Crosspoint.Fuzz.Engine;

/// <summary>
/// Allocation of a target's own scaffolding (making a session before a datagram is given to it), which the datagram did not cause:
/// <c>using (Exempt.Begin()) { … }</c>.
/// </summary>
public static class Exempt
{
    [ThreadStatic]
    private static long t_bytes;

    internal static long Bytes => t_bytes;

    public static Scope Begin() => new(GC.GetAllocatedBytesForCurrentThread());

    public readonly ref struct Scope(long before)
    {
        public void Dispose() => t_bytes += GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
