using System.Numerics;
using System.Runtime.InteropServices;

namespace Crosspoint.Workers.Threads;

/// <summary>Which cores threads may run on (Linux). Elsewhere nothing is known and nothing is pinned.</summary>
internal static unsafe partial class CoreAffinity
{
    // cpu_set_t of glibc: 1024 cores. A kernel built for more refuses the call, and then nothing is pinned.
    private const int MaskWords = 16;

    /// <summary>The cores the calling thread may use, ascending; a thread inherits them from whoever started it. Empty where the system does not tell.</summary>
    public static IReadOnlyList<int> Allowed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        if (GetAffinity(0, MaskWords * sizeof(ulong), mask) != 0)
        {
            return [];
        }

        List<int> cores = [];
        for (int word = 0; word < MaskWords; word++)
        {
            for (ulong left = mask[word]; left != 0; left &= left - 1)
            {
                cores.Add((word * 64) + BitOperations.TrailingZeroCount(left));
            }
        }

        return cores;
    }

    /// <summary>Keeps the calling thread on one core; false when the system does not let it.</summary>
    public static bool TryPin(int core)
    {
        if (!OperatingSystem.IsLinux() || core is < 0 or >= MaskWords * 64)
        {
            return false;
        }

        ulong* mask = stackalloc ulong[MaskWords];
        new Span<ulong>(mask, MaskWords).Clear();
        mask[core / 64] = 1UL << (core % 64);
        return SetAffinity(0, MaskWords * sizeof(ulong), mask) == 0;
    }

    // Thread 0 is the calling thread.
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nuint length, ulong* mask);

    // The wrapper of libc answers 0, the bare system call the length.
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAffinity(int thread, nuint length, ulong* mask);
}
