using System.Runtime.InteropServices;

namespace Crosspoint.Workers.Threads;

/// <summary>The processor time of the calling thread, user and system together (Linux); always zero elsewhere.</summary>
internal static unsafe partial class ThreadTime
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Since the thread began. A system call: some hundred nanoseconds.</summary>
    public static TimeSpan Read()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return TimeSpan.Zero;
        }

        long* time = stackalloc long[2]; // struct timespec: seconds, nanoseconds
        return GetTime(ThreadCpuTime, time) == 0
            ? TimeSpan.FromTicks((time[0] * TimeSpan.TicksPerSecond) + (time[1] / TimeSpan.NanosecondsPerTick))
            : TimeSpan.Zero;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, long* time);
}
