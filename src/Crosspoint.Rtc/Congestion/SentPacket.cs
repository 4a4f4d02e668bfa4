using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>What is known of a packet until feedback says what became of it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SentPacket(Instant SentAt, long Number, int ProbeId, ushort Bytes, SentKind Kind, SentPacketState State);

/// <summary>The same as it is remembered, in eight bytes: what one feedback speaks of lies in two or three cache lines.</summary>
/// <param name="sentAt">The low bits are kept: 214 s back they are told apart, and nothing is asked about after <see cref="BandwidthEstimatorOptions.MaxPacketAge"/>.</param>
/// <param name="bytes">On the wire.</param>
/// <param name="probe">The probe's code; see <see cref="ProbeCode"/>.</param>
/// <param name="kind">What it carried.</param>
/// <param name="state">How far it has come.</param>
internal struct SentSlot(Instant sentAt, ushort bytes, byte probe, SentKind kind, SentPacketState state)
{
    private const int StateShift = 4;

    private uint _sentTicks = (uint)sentAt.Ticks;

    /// <summary>On the wire.</summary>
    public readonly ushort Bytes = bytes;

    /// <summary>Of which probe it was.</summary>
    public readonly byte Probe = probe;

    private byte _kindAndState = (byte)((byte)kind | ((byte)state << StateShift));

    /// <summary>What it carried.</summary>
    public readonly SentKind Kind => (SentKind)(_kindAndState & ((1 << StateShift) - 1));

    /// <summary>How far it has come.</summary>
    public SentPacketState State
    {
        readonly get => (SentPacketState)(_kindAndState >> StateShift);
        set => _kindAndState = (byte)((byte)Kind | ((byte)value << StateShift));
    }

    /// <summary>Changes when it left; false when it was not at <paramref name="before"/>.</summary>
    public bool TryPostpone(Instant before, Instant after)
    {
        bool isIt = _sentTicks == (uint)before.Ticks;
        _sentTicks = isIt ? (uint)after.Ticks : _sentTicks;
        return isIt;
    }

    /// <summary>When it left.</summary>
    public readonly Instant SentAt(Instant now) => new(now.Ticks - (int)((uint)now.Ticks - _sentTicks));
}

/// <summary>How far a packet has come.</summary>
internal enum SentPacketState : byte
{
    Unused,
    Sent,
    Lost,     // reported missing; may still be reported received
    Received,
}
