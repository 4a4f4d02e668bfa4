using System.Runtime.InteropServices;
using Crosspoint.Net.Udp.Linux;
using static Crosspoint.Net.Udp.Linux.LinuxNative;

namespace Crosspoint.Load.Native;

/// <summary>
/// The functions of libc that the engine calls and the server does not. Declarations that both need are the server's; how they are called is not shared,
/// since a load tool must not share the code it measures.
/// </summary>
internal static unsafe partial class LoadNative
{
    public const int EpollAdd = 1; // EPOLL_CTL_ADD
    public const int EpollDelete = 2; // EPOLL_CTL_DEL
    public const uint EpollIn = 1; // EPOLLIN
    public const int CloseOnExec = 0x80000; // EPOLL_CLOEXEC
    public const int SocketLevel = 1; // SOL_SOCKET
    public const int ReceiveBufferForce = 33; // SO_RCVBUFFORCE
    public const int SendBufferForce = 32; // SO_SNDBUFFORCE
    public const int TimestampNanoseconds = 35; // SO_TIMESTAMPNS

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint SendTo(int socket, void* buffer, nuint length, int flags, SocketAddressStorage* to, uint toLength);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, void* entry);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int EpollWait(int epoll, void* entries, int count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetOption(int socket, int level, int name, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Kill(int process, int signal);

    // sched_setattr(2), which the C library of Debian 12 has no wrapper for.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint SetScheduling(nint number, nint thread, SchedulingAttributes* attributes, nint flags);
}
