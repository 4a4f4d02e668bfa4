using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Load.Native;

/// <summary><c>struct mmsghdr</c> of a 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public SocketAddressIPv4* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
    private readonly uint _endOfHeader;
    public uint Length;
    private readonly uint _endOfMessage;
}

/// <summary><c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}

/// <summary><c>struct timespec</c> of a 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;

    public static TimeSpec From(TimeSpan span) => new()
    {
        Seconds = span.Ticks / TimeSpan.TicksPerSecond,
        Nanoseconds = span.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
    };
}

/// <summary><c>struct sockaddr_in</c>: the load speaks IPv4 only.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketAddressIPv4
{
    public const uint Size = 16;
    private const ushort InterNetwork = 2;

    private ushort _family;
    private ushort _port;
    private uint _ip;
    private readonly ulong _zero;

    public static SocketAddressIPv4 From(in TransportAddress address) => new()
    {
        _family = InterNetwork,
        _port = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(address.Port),
        _ip = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(address.IPv4),
    };

    public readonly TransportAddress ToTransportAddress() => TransportAddress.FromIPv4(
        System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(_ip),
        System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(_port));
}

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
