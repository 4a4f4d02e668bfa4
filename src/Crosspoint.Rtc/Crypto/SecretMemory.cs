using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Crosspoint.Rtc.Crypto.Native;
using Microsoft.Win32.SafeHandles;

namespace Crosspoint.Rtc.Crypto;

/// <summary>Memory for keys outside the collector's heap: it does not move, starts at a cache line, and is overwritten before it is freed.</summary>
internal sealed unsafe class SecretMemory : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly int _length;

    /// <param name="length">In bytes; the memory is zero at first.</param>
    public SecretMemory(int length)
        : base(ownsHandle: true)
    {
        _length = length;
        Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)length, LibIpsecMb.CacheLine);
        NativeMemory.Clear(Pointer, (nuint)length);
        SetHandle((nint)Pointer);
    }

    /// <summary>Where it is. Whoever passes it to native code keeps this object alive meanwhile, and does not after <see cref="SafeHandle.Dispose()"/>.</summary>
    public byte* Pointer { get; }

    protected override bool ReleaseHandle()
    {
        CryptographicOperations.ZeroMemory(new Span<byte>(Pointer, _length));
        NativeMemory.AlignedFree(Pointer);
        return true;
    }
}
