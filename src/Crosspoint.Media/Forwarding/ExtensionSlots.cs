using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Media.Forwarding;

/// <summary>Where in a packet its known header extensions are; found once, used for every consumer.</summary>
internal struct ExtensionSlots
{
    private Slots _slots;

    /// <summary>Finds them.</summary>
    public static ExtensionSlots Find(in RtpPacket packet, HeaderExtensionIds ids)
    {
        ExtensionSlots slots = default;
        foreach (RtpExtensionElement element in packet.Extensions)
        {
            if (!element.Value.IsEmpty && ids.TryGetKind(element.Id, out HeaderExtensionKind kind))
            {
                nint offset = Unsafe.ByteOffset(
                    in MemoryMarshal.GetReference(packet.Bytes), in MemoryMarshal.GetReference(element.Value));
                slots._slots[(int)kind] = new Slot((ushort)offset, (byte)element.Value.Length);
            }
        }

        return slots;
    }

    /// <summary>The value of a kind; false when the packet has none.</summary>
    public readonly bool TryGet(in RtpPacket packet, HeaderExtensionKind kind, out ReadOnlySpan<byte> value)
    {
        Slot slot = _slots[(int)kind];
        value = slot.Length == 0 ? default : packet.Bytes.Slice(slot.Offset, slot.Length);
        return slot.Length != 0;
    }

    private readonly record struct Slot(ushort Offset, byte Length);

    [InlineArray(HeaderExtensionUris.Count)]
    private struct Slots
    {
        private Slot _first;
    }
}
