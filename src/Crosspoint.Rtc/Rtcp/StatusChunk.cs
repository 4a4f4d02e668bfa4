using System.Numerics;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>How a packet's arrival is coded (transport-wide-cc §3.1.1).</summary>
internal enum StatusSymbol
{
    NotReceived = 0,
    SmallDelta = 1,
    LargeDelta = 2,
    Reserved = 3,
}

/// <summary>A chunk of packet statuses (transport-wide-cc §3.1.3 and §3.1.4).</summary>
/// <remarks>
/// <code>
/// |0| S |       run length (13)   |   S repeated
/// |1|0|    14 symbols of 1 bit    |   not received, small delta
/// |1|1|     7 symbols of 2 bits   |
/// </code>
/// </remarks>
internal readonly struct StatusChunk(ushort value)
{
    public const int OneBitCount = 14;
    public const int TwoBitCount = 7;
    public const int MaxRun = 0x1FFF;

    private bool IsRun => value >> 15 == 0;

    private bool IsOneBit => value >> 14 == 2;

    public ushort Value => value;

    public int Count => IsRun ? value & MaxRun : IsOneBit ? OneBitCount : TwoBitCount;

    public static StatusChunk Run(StatusSymbol symbol, int length) => new((ushort)(((int)symbol << 13) | length));

    public static StatusChunk OneBit(ReadOnlySpan<StatusSymbol> symbols)
    {
        int bits = 0x8000;
        for (int i = 0; i < symbols.Length; i++)
        {
            bits |= (int)symbols[i] << (OneBitCount - 1 - i);
        }

        return new((ushort)bits);
    }

    public static StatusChunk TwoBit(ReadOnlySpan<StatusSymbol> symbols)
    {
        int bits = 0xC000;
        for (int i = 0; i < symbols.Length; i++)
        {
            bits |= (int)symbols[i] << (2 * (TwoBitCount - 1 - i));
        }

        return new((ushort)bits);
    }

    public StatusSymbol SymbolAt(int index) => (StatusSymbol)(IsRun
        ? (value >> 13) & 3
        : IsOneBit
            ? (value >> (OneBitCount - 1 - index)) & 1
            : (value >> (2 * (TwoBitCount - 1 - index))) & 3);

    /// <summary>Bytes that the deltas of the first <paramref name="count"/> symbols take.</summary>
    public int DeltaBytes(int count)
    {
        if (IsRun)
        {
            return count * Bytes(SymbolAt(0));
        }

        if (IsOneBit)
        {
            return BitOperations.PopCount((uint)(value & 0x3FFF) >> (OneBitCount - count));
        }

        int bytes = 0;
        for (int i = 0; i < count; i++)
        {
            bytes += Bytes(SymbolAt(i));
        }

        return bytes;
    }

    public static int Bytes(StatusSymbol symbol) => symbol switch
    {
        StatusSymbol.SmallDelta => 1,
        StatusSymbol.LargeDelta => 2,
        _ => 0,
    };
}
