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

    private Keys _keys;
    private uint _passed;
    private int _last;
    private bool _lastPassed;

    /// <summary>Notes what was found of a frame's first packet; a frame that was refused once stays refused.</summary>
    /// <returns>Whether it passes.</returns>
    public bool Note(RtpTimestamp timestamp, byte spatial, bool passes)
    {
        int at = Find(timestamp, spatial);
        if (at < 0)
        {
            at = _last = (_last + 1) % Size;
            _keys[at] = KeyOf(timestamp, spatial);
            _passed |= 1u << at;
        }

        if (!passes)
        {
            _passed &= ~(1u << at);
        }

        return _lastPassed = Passed(at);
    }

    /// <summary>What becomes of a packet that begins no frame.</summary>
    /// <param name="timestamp">Of the packet.</param>
    /// <param name="spatial">Its spatial layer.</param>
    /// <param name="isJudged">Whether the first packet of its frame has come.</param>
    public bool Passes(RtpTimestamp timestamp, byte spatial, out bool isJudged)
    {
        int at = _keys[_last] == KeyOf(timestamp, spatial) ? _last : Find(timestamp, spatial);
        isJudged = at >= 0;
        return isJudged ? Passed(at) : _lastPassed;
    }

    // Never zero, which stands in places that were not used.
    private static ulong KeyOf(RtpTimestamp timestamp, byte spatial) => ((ulong)timestamp.Value << 8) | (byte)(spatial + 1);

    private int Find(RtpTimestamp timestamp, byte spatial) => ((ReadOnlySpan<ulong>)_keys).IndexOf(KeyOf(timestamp, spatial));

    private bool Passed(int at) => (_passed & (1u << at)) != 0;

    [InlineArray(Size)]
    private struct Keys
    {
        private ulong _first;
    }
}
