using System.Runtime.InteropServices;

namespace Crosspoint.Load.Native;

/// <summary>Lets the engine's thread run as soon as it is due. One that is held up sends what piled up at once, and the server is blamed for the burst.</summary>
internal static unsafe class Punctuality
{
    private const ulong ResetOnFork = 1; // SCHED_FLAG_RESET_ON_FORK: its own alone
    private const int Nice = -10;
    private const ulong SliceNanoseconds = 100_000; // shorter than others': it interrupts them (Linux 6.12)

    /// <summary>Raises the calling thread, where the system permits it.</summary>
    public static void Ask()
    {
        SchedulingAttributes attributes = new() { Size = (uint)sizeof(SchedulingAttributes), Flags = ResetOnFork, Nice = Nice, Runtime = SliceNanoseconds };
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 274 : 314;
        _ = LoadNative.SetScheduling(number, 0, &attributes, 0);
    }
}
