using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Crosspoint.Net.Udp.Linux;

/// <summary>An array that the collector does not move, and its address; it lives as long as this object.</summary>
internal sealed unsafe class PinnedArray<T>
    where T : unmanaged
{
    private readonly T[] _array;

    public PinnedArray(int length)
    {
        _array = GC.AllocateArray<T>(length, pinned: true);
        Start = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
    }

    public T* Start { get; }

    public int Length => _array.Length;
}
