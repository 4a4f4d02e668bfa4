using System.Runtime.CompilerServices;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Encryption;

/// <summary>Which of the last frames of a stream passed, so that all their packets fare alike.</summary>
/// <remarks>
/// A packet may come before the first one of its frame, which is where the header is. It then fares as the frame judged last did: a sender that was
/// never heard of well is not forwarded on trust, and with one that was, a lost first packet costs no more than in any other room.
/// One owner: the producer's check.
/// </remarks>
internal sealed class FrameVerdicts
{
    // Frames that are under way at one time: spatial layers of two pictures, and what reordering and repair mix in.
    private const int Size = 16;

    private Entries _entries;
    private int _next;

    /// <summary>Whether the frame judged last passed.</summary>
    public bool LastPassed { get; private set; }

    /// <summary>Notes what was found of a frame's first packet; a frame that was refused once stays refused.</summary>
    /// <returns>Whether it passes.</returns>
    public bool Note(RtpTimestamp timestamp, byte spatial, bool passes)
    {
        int at = Find(timestamp, spatial);
        if (at < 0)
        {
            at = _next;
            _next = (_next + 1) % Size;
            _entries[at] = new Entry(timestamp.Value, spatial, passes);
        }
        else if (!passes)
        {
            _entries[at].Passes = false;
        }

        LastPassed = _entries[at].Passes;
        return LastPassed;
    }

    /// <summary>What becomes of a packet that begins no frame.</summary>
    /// <param name="timestamp">Of the packet.</param>
    /// <param name="spatial">Its spatial layer.</param>
    /// <param name="isJudged">Whether the first packet of its frame has come.</param>
    public bool Passes(RtpTimestamp timestamp, byte spatial, out bool isJudged)
    {
        int at = Find(timestamp, spatial);
        isJudged = at >= 0;
        return isJudged ? _entries[at].Passes : LastPassed;
    }

    // Newest first: it is that one nearly always.
    private int Find(RtpTimestamp timestamp, byte spatial)
    {
        for (int i = 1; i <= Size; i++)
        {
            int at = (_next + Size - i) % Size;
            ref readonly Entry entry = ref _entries[at];
            if (entry.IsUsed && entry.Timestamp == timestamp.Value && entry.Spatial == spatial)
            {
                return at;
            }
        }

        return -1;
    }

    private struct Entry(uint timestamp, byte spatial, bool passes)
    {
        public readonly uint Timestamp = timestamp;
        public readonly byte Spatial = spatial;
        public readonly bool IsUsed = true;
        public bool Passes = passes;
    }

    [InlineArray(Size)]
    private struct Entries
    {
        private Entry _first;
    }
}
