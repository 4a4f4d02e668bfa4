using Crosspoint.Net.Udp;

namespace Crosspoint.Workers;

/// <summary>
/// Packets of one transport that leave in one kernel message: all of one size but the last, which may be shorter (udp(7), UDP_SEGMENT).
/// A codec's packetizer cuts a frame into parts that differ by a byte or two; where the receiver has RTX, padding makes them equal.
/// </summary>
/// <param name="First">Index of the first packet in the <see cref="Flight"/>.</param>
/// <param name="End">Index of the first packet that is left over; −1 for none.</param>
/// <param name="Count">Packets.</param>
/// <param name="LargestPacket">Bytes of the largest, before protection; all but the last are padded to it.</param>
/// <param name="SegmentBytes">The same after protection.</param>
internal readonly record struct FlightMessage(int First, int End, int Count, int LargestPacket, int SegmentBytes)
{
    // 1.3 % of a full packet; a kernel message saved is worth much more (docs/performance.md).
    private const int MaxPadding = 16;

    /// <summary>Bytes the message takes at most.</summary>
    public int MaxBytes => Count * SegmentBytes;

    /// <summary>The longest message that begins with a packet.</summary>
    /// <param name="flight">Where the packets are.</param>
    /// <param name="first">Index of the first.</param>
    /// <param name="expansion">What protection adds to each, in bytes.</param>
    public static FlightMessage Take(Flight flight, int first, int expansion)
    {
        int count = 1;
        int next = flight[first].Next;
        int largest = flight[first].Length;
        int smallest = largest;
        bool mayPad = flight[first].MayBePadded;
        while (next >= 0 && count < SendBatch.MaxSegments)
        {
            ref readonly Flight.Packet packet = ref flight[next];
            int newLargest = Math.Max(largest, packet.Length);
            if ((count + 1) * (newLargest + expansion) > SendBatch.MaxMessageBytes)
            {
                break;
            }

            int newSmallest = Math.Min(smallest, packet.Length);
            bool fits = newLargest == newSmallest || (mayPad && packet.MayBePadded && newLargest - newSmallest <= MaxPadding);
            if (!fits && packet.Length > largest)
            {
                break;
            }

            (largest, smallest) = (newLargest, newSmallest);
            mayPad &= packet.MayBePadded;
            count++;
            next = packet.Next;
            if (!fits)
            {
                // Shorter by more than padding may fill: it is the last.
                break;
            }
        }

        return new FlightMessage(first, next, count, largest, largest + expansion);
    }
}
