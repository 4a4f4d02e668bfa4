using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>What is remembered of a packet until feedback says what became of it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct SentPacket
{
    public Instant SentAt;
    public long Number; // unwrapped
    public int ProbeId;
    public ushort Bytes;
    public SentKind Kind;
    public SentPacketState State;
}

/// <summary>How far a packet has come.</summary>
internal enum SentPacketState : byte
{
    Unused,
    Sent,
    Lost,     // reported missing; may still be reported received
    Received,
}
