using System.Runtime.CompilerServices;

namespace Crosspoint.Fuzz.Engine;

/// <summary>Gathers what a target saw into one number (FNV-1a); counts go in by their magnitude, so that there are not endlessly many.</summary>
public struct Signature()
{
    private uint _hash = 2166136261;

    public readonly int Value => (int)_hash;

    public void Add(int value) => _hash = (_hash ^ (uint)value) * 16777619;

    public void Add(bool value) => Add(value ? 1 : 0);

    public void Add<T>(T value)
        where T : struct, Enum => Add(Unsafe.SizeOf<T>() switch
        {
            // Without boxing: what the target allocates is counted.
            1 => Unsafe.BitCast<T, byte>(value),
            2 => Unsafe.BitCast<T, ushort>(value),
            _ => Unsafe.BitCast<T, int>(value),
        });

    public void AddMagnitude(long value) => Add(value <= 4 ? (int)value : 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)value));
}
