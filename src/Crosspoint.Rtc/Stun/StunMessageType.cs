namespace Crosspoint.Rtc.Stun;

/// <summary>The class half of a STUN message type (RFC 8489 §5).</summary>
public enum StunClass : byte
{
    /// <summary>A request, which wants a response.</summary>
    Request = 0,

    /// <summary>An indication, which wants none.</summary>
    Indication = 1,

    /// <summary>A success response.</summary>
    Success = 2,

    /// <summary>An error response.</summary>
    Error = 3,
}

/// <summary>The method half of a STUN message type. Other values up to 0xFFF parse; whoever handles them decides.</summary>
public enum StunMethod : ushort
{
    /// <summary>Binding (RFC 8489).</summary>
    Binding = 0x001,
}

/// <summary>Packs and unpacks the 14-bit message type.</summary>
public static class StunMessageType
{
    /*   13 12 11 10  9  8  7  6  5  4  3  2  1  0
        |M |M |M |M |M |C |M |M |M |C |M |M |M |M |    RFC 8489 figure 3
        |11|10|9 |8 |7 |1 |6 |5 |4 |0 |3 |2 |1 |0 |   */

    /// <summary>The 14 bits on the wire.</summary>
    public static ushort Pack(StunClass messageClass, StunMethod method)
    {
        int m = (int)method;
        int c = (int)messageClass;
        return (ushort)((m & 0x00F) | ((m & 0x070) << 1) | ((m & 0xF80) << 2) | ((c & 1) << 4) | ((c & 2) << 7));
    }

    /// <summary>The class in a packed type.</summary>
    public static StunClass ClassOf(ushort type) => (StunClass)(((type >> 4) & 1) | ((type >> 7) & 2));

    /// <summary>The method in a packed type.</summary>
    public static StunMethod MethodOf(ushort type) => (StunMethod)((type & 0x000F) | ((type >> 1) & 0x0070) | ((type >> 2) & 0x0F80));
}
