using Crosspoint.Rtc;
using Crosspoint.Rtc.Streams;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Receive;

/// <summary>All frames of one moment, once every packet of them has come.</summary>
/// <param name="Timestamp">RTP timestamp.</param>
/// <param name="Frames">Lowest layer first, with what they refer to.</param>
internal sealed record Picture(uint Timestamp, IReadOnlyList<FrameFacts> Frames)
{
    /// <summary>The stamp of its highest layer.</summary>
    public PacketStamp Top => Frames[^1].Stamp;

    /// <summary>Begins with a keyframe.</summary>
    public bool IsKey => Frames[0].IsKey;
}

/// <summary>
/// Puts packets together to pictures by their numbers: a picture is whole when everything from its first packet to its last, which the
/// marker tells or the timestamp of the next, is there without a gap.
/// </summary>
internal sealed class PictureAssembler
{
    private const int Kept = 4096;

    private readonly Stored[] _ring = new Stored[Kept];
    private SequenceUnwrapper _unwrapper;
    private long _lastFirst = -1;
    private long _lastLast = -1;

    /// <summary>Takes a packet, and adds the pictures that it completes.</summary>
    public void Add(SequenceNumber sequence, uint timestamp, bool marker, in FrameFacts facts, List<Picture> completed)
    {
        long number = _unwrapper.Unwrap(sequence);
        ref Stored slot = ref _ring[number % Kept];
        if (slot.Number == number)
        {
            return;
        }

        slot = new Stored(number, timestamp, marker, facts);
        TryComplete(number - 1, completed); // The one before may have ended with what begins here.
        TryComplete(number, completed);
        TryComplete(number + 1, completed); // The one behind may begin with what ends here.
    }

    private ref Stored At(long number) => ref _ring[number % Kept];

    private bool Has(long number) => number > 0 && At(number).Number == number;

    private void TryComplete(long number, List<Picture> completed)
    {
        if (!Has(number))
        {
            return;
        }

        uint timestamp = At(number).Timestamp;
        long first = number;
        while (Has(first - 1) && At(first - 1).Timestamp == timestamp && number - first < Kept / 2)
        {
            first--;
        }

        long last = number;
        while (Has(last + 1) && At(last + 1).Timestamp == timestamp && last - number < Kept / 2)
        {
            last++;
        }

        bool begins = At(first).Facts.StartsPicture || (At(first).Facts.StartsFrame && Has(first - 1));
        bool ends = At(last).Marker || (Has(last + 1) && At(last).Facts.EndsFrame);
        if (begins && ends && (first != _lastFirst || last != _lastLast))
        {
            (_lastFirst, _lastLast) = (first, last);
            completed.Add(new Picture(timestamp, FramesOf(first, last)));
        }
    }

    private List<FrameFacts> FramesOf(long first, long last)
    {
        List<FrameFacts> frames = [];
        for (long number = first; number <= last; number++)
        {
            if (At(number).Facts.StartsFrame)
            {
                frames.Add(At(number).Facts);
            }
        }

        return frames;
    }

    private readonly record struct Stored(long Number, uint Timestamp, bool Marker, FrameFacts Facts);
}
