using System.Runtime.InteropServices;

namespace Crosspoint.Net.Udp.Linux;

/// <summary><c>struct mmsghdr</c> of a 64-bit Linux: a <c>msghdr</c> and the length that was moved.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public SocketAddressStorage* Name;
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

/// <summary>Room for a <c>sockaddr_in6</c> of 28 bytes, which is longer than a <c>sockaddr_in</c>; a few more keep those of an array aligned.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct SocketAddressStorage
{
    public const int Size = 32;

    private readonly long _alignment;
}
