using System.Runtime.InteropServices;

namespace Crosspoint.Workers.Threads;

/// <summary>When the system runs a media thread: on Linux every thread has a nice value and a time slice of its own.</summary>
internal static unsafe partial class MediaPriority
{
    // Before everything that is not media, far behind what the system itself needs.
    private const int Nice = -10;

    // A thread that wakes does not interrupt one that runs before its slice of some milliseconds is over, whatever their nice values are,
    // unless it asks for a shorter one (sched(7) of Linux 6.12; earlier kernels pass over it). The kernel grants 0.1 ms at least.
    private const ulong SliceNanoseconds = 100_000;

    // A thread hands its nice value on to those it starts, and a worker that wakes the thread pool starts some: they would run the control plane
    // beside the media instead of behind it (sched(7), "Resetting scheduling policy for child processes").
    private const ulong ResetOnFork = 1;

    /// <summary>
    /// Puts the calling thread, and it alone, before others. False when the system does not let it (it takes CAP_SYS_NICE or a limit of RLIMIT_NICE);
    /// then it still interrupts others earlier.
    /// </summary>
    public static bool TryRaise()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        bool isBefore = TrySet(Nice);
        if (!isBefore)
        {
            _ = TrySet(0);
        }

        return isBefore;
    }

    private static bool TrySet(int nice)
    {
        Attributes attributes = new() { Size = (uint)sizeof(Attributes), Flags = ResetOnFork, Nice = nice, Runtime = SliceNanoseconds };
        return CallNumber is { } number && Call(number, 0, &attributes, 0) == 0; // id 0 is the calling thread
    }

    // sched_setattr(2) has no wrapper in the C library of Debian 12.
    private static nint? CallNumber => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 314,
        Architecture.Arm64 => 274,
        _ => null,
    };

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Call(nint number, nint id, Attributes* attributes, nint flags);

    /// <summary>struct sched_attr of sched_setattr(2), its first version; policy 0 is SCHED_OTHER.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
