using System.Runtime.InteropServices;

namespace Crosspoint.Workers.Threads;

/// <summary>Which of the process's threads the system runs first: on Linux every thread has a nice value of its own.</summary>
internal static partial class MediaPriority
{
    /// <summary>Before everything that is not media, far behind what the system itself needs.</summary>
    private const int Nice = -10;

    /// <summary>Puts the calling thread before others; false when the system does not let it (it takes CAP_SYS_NICE or a limit of RLIMIT_NICE).</summary>
    public static bool TryRaise() => OperatingSystem.IsLinux() && SetPriority(0, 0, Nice) == 0;

    // PRIO_PROCESS with id 0 is the calling thread (setpriority(2), "C library/kernel differences").
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int id, int value);
}
