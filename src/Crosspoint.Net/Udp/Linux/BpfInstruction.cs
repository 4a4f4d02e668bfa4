using System.Runtime.InteropServices;

namespace Crosspoint.Net.Udp.Linux;

// struct bpf_insn   0       1           2              4
//                  | code  | src | dst | offset, 16   | immediate, 32 | 8 bytes
// The code is class | size or operation | mode or operand; RFC 9669 §3. Registers: r0 answer, r1 to r5 arguments (lost by a call),
// r6 to r9 kept, r10 the top of 512 bytes of stack.

/// <summary>One instruction of an eBPF program, as the kernel reads it (RFC 9669).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BpfInstruction(byte Code, byte Registers, short Offset, int Immediate)
{
    private const byte MapByDescriptor = 1; // BPF_PSEUDO_MAP_FD, in place of a source register

    /// <summary>dst = src</summary>
    public static BpfInstruction Move(int dst, int src) => new(0xbf, Pair(dst, src), 0, 0);

    /// <summary>dst = value</summary>
    public static BpfInstruction MoveValue(int dst, int value) => new(0xb7, Pair(dst, 0), 0, value);

    /// <summary>dst += value</summary>
    public static BpfInstruction AddValue(int dst, int value) => new(0x07, Pair(dst, 0), 0, value);

    /// <summary>dst = *(u32 *)(src + offset)</summary>
    public static BpfInstruction Load32(int dst, int src, int offset) => new(0x61, Pair(dst, src), (short)offset, 0);

    /// <summary>*(u32 *)(dst + offset) = src</summary>
    public static BpfInstruction Store32(int dst, int offset, int src) => new(0x63, Pair(dst, src), (short)offset, 0);

    /// <summary>*(u64 *)(dst + offset) = value</summary>
    public static BpfInstruction StoreValue64(int dst, int offset, int value) => new(0x7a, Pair(dst, 0), (short)offset, value);

    /// <summary>*(u32 *)(dst + offset) = value</summary>
    public static BpfInstruction StoreValue32(int dst, int offset, int value) => new(0x62, Pair(dst, 0), (short)offset, value);

    /// <summary>*(u16 *)(dst + offset) = value</summary>
    public static BpfInstruction StoreValue16(int dst, int offset, int value) => new(0x6a, Pair(dst, 0), (short)offset, value);

    /// <summary>if (dst == value) skip so many instructions</summary>
    public static BpfInstruction SkipIfEqual(int dst, int value, int skip) => new(0x15, Pair(dst, 0), (short)skip, value);

    /// <summary>if (dst != value) skip so many instructions</summary>
    public static BpfInstruction SkipIfNotEqual(int dst, int value, int skip) => new(0x55, Pair(dst, 0), (short)skip, value);

    /// <summary>skip so many instructions</summary>
    public static BpfInstruction Skip(int skip) => new(0x05, 0, (short)skip, 0);

    /// <summary>r0 = function(r1 … r5)</summary>
    public static BpfInstruction Call(int function) => new(0x85, 0, 0, function);

    /// <summary>return r0</summary>
    public static BpfInstruction Exit() => new(0x95, 0, 0, 0);

    /// <summary>dst = the map behind a descriptor; takes the place of two instructions, <see cref="SecondHalf"/> follows.</summary>
    public static BpfInstruction LoadMap(int dst, int descriptor) => new(0x18, Pair(dst, MapByDescriptor), 0, descriptor);

    /// <summary>The upper 32 bits of what <see cref="LoadMap"/> loads.</summary>
    public static BpfInstruction SecondHalf() => default;

    private static byte Pair(int dst, int src) => (byte)((src << 4) | dst);
}
