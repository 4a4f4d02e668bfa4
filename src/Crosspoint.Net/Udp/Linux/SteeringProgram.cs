using static Crosspoint.Net.Udp.Linux.BpfInstruction;

namespace Crosspoint.Net.Udp.Linux;

// The key of the peers' map, which the program builds on its stack at r10-24, and the index behind it:
//
//   -24             -8           -6      -4
//   | address, 16   | port, 2    | 0, 2  | index, 4 |
//
// Address and port are in network order, IPv4 in its IPv6-mapped form, as in TransportAddress.

/// <summary>
/// The program that the kernel runs for each datagram to a port of several sockets (BPF_PROG_TYPE_SK_REUSEPORT): it looks up the sender and
/// chooses the socket that was named for it. Whatever it does not know it leaves to the kernel's own choice; it never drops.
/// </summary>
internal static class SteeringProgram
{
    public const int KeyBytes = 20;

    // struct sk_reuseport_md, linux/bpf.h
    private const int EthernetProtocol = 20;

    // Ethernet protocols in network order, read as a little-endian number.
    private const int IPv4 = 0x0008;
    private const int IPv6 = 0xDD86;

    // Where the IP headers have the source address; RFC 791 §3.1, RFC 8200 §3.
    private const int IPv4SourceOffset = 12;
    private const int IPv6SourceOffset = 8;

    // Functions of the kernel, enum bpf_func_id.
    private const int MapLookup = 1;
    private const int LoadBytes = 26;
    private const int LoadBytesRelative = 68;
    private const int SelectSocket = 82;
    private const int FromNetworkHeader = 1;

    private const int Pass = 1;
    private const int Key = -24;
    private const int Port = -8;
    private const int Index = -4;

    /// <param name="peers">Descriptor of the map from a peer to a socket's index.</param>
    /// <param name="sockets">Descriptor of the array of sockets.</param>
    public static BpfInstruction[] Assemble(int peers, int sockets) =>
    [
        /*  0 */ Move(6, 1),                        // r6 = the datagram's context, kept over calls
        /*  1 */ StoreValue64(10, Key, 0),          // the key begins as zeros
        /*  2 */ StoreValue64(10, Key + 8, 0),
        /*  3 */ StoreValue32(10, Port, 0),
        /*  4 */ Load32(2, 6, EthernetProtocol),    // which IP carries it? A dual-stack socket gets both
        /*  5 */ SkipIfEqual(2, IPv4, 6),           // to 12
        /*  6 */ SkipIfNotEqual(2, IPv6, 33),       // to 40: neither, leave it

        /*  7 */ MoveValue(2, IPv6SourceOffset),    // IPv6: 16 bytes of source address from the IP header …
        /*  8 */ Move(3, 10),
        /*  9 */ AddValue(3, Key),                  // … to the beginning of the key
        /* 10 */ MoveValue(4, 16),
        /* 11 */ Skip(5),                           // to 17

        /* 12 */ StoreValue16(10, Key + 10, -1),    // IPv4: ::ffff:
        /* 13 */ MoveValue(2, IPv4SourceOffset),    // 4 bytes of source address …
        /* 14 */ Move(3, 10),
        /* 15 */ AddValue(3, Key + 12),             // … to the end of the address in the key
        /* 16 */ MoveValue(4, 4),

        /* 17 */ Move(1, 6),
        /* 18 */ MoveValue(5, FromNetworkHeader),
        /* 19 */ Call(LoadBytesRelative),           // r0 = 0 when all bytes were there
        /* 20 */ SkipIfNotEqual(0, 0, 19),          // to 40

        /* 21 */ Move(1, 6),                        // the datagram begins with the UDP header, that with the source port (RFC 768)
        /* 22 */ MoveValue(2, 0),
        /* 23 */ Move(3, 10),
        /* 24 */ AddValue(3, Port),
        /* 25 */ MoveValue(4, 2),
        /* 26 */ Call(LoadBytes),
        /* 27 */ SkipIfNotEqual(0, 0, 12),          // to 40

        /* 28 */ LoadMap(1, peers),
        /* 29 */ SecondHalf(),
        /* 30 */ Move(2, 10),
        /* 31 */ AddValue(2, Key),
        /* 32 */ Call(MapLookup),                   // r0 = pointer to the index, or 0
        /* 33 */ SkipIfEqual(0, 0, 6),              // to 40: a stranger
        /* 34 */ Load32(4, 0, 0),
        /* 35 */ Store32(10, Index, 4),

        /* 36 */ Move(1, 6),
        /* 37 */ LoadMap(2, sockets),
        /* 38 */ SecondHalf(),
        /* 39 */ Skip(2),                           // to 42; 40 and 41 are the way out

        /* 40 */ MoveValue(0, Pass),
        /* 41 */ Exit(),

        /* 42 */ Move(3, 10),
        /* 43 */ AddValue(3, Index),
        /* 44 */ MoveValue(4, 0),
        /* 45 */ Call(SelectSocket),                // a socket that is gone leaves the choice to the kernel
        /* 46 */ MoveValue(0, Pass),
        /* 47 */ Exit(),
    ];
}
