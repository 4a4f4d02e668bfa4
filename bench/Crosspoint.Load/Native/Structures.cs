using System.Runtime.InteropServices;
using static Crosspoint.Net.Udp.Linux.LinuxNative;

namespace Crosspoint.Load.Native;

/// <summary>Room for the control message of SO_TIMESTAMPNS: a header of 16 bytes and a timespec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimestampControl
{
    public const int Size = 32;
    private const int TimestampType = 35; // SCM_TIMESTAMPNS

    private readonly nuint _length;
    private readonly int _level;
    private readonly int _type;
    private readonly TimeSpec _time;

    /// <summary>Nanoseconds since 1970 when the kernel took the datagram; 0 when it said nothing.</summary>
    public readonly long UnixNanoseconds => _level == LoadNative.SocketLevel && _type == TimestampType
        ? (_time.Seconds * 1_000_000_000) + _time.Nanoseconds
        : 0;
}

/// <summary>struct sched_attr, its first version; policy 0 is SCHED_OTHER.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SchedulingAttributes
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
