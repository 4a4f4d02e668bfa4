using System.Runtime.CompilerServices;

namespace Crosspoint.Media.Layers;

/// <summary>What a consumer was sent of the last 256 frames, so that a frame is kept or dropped whole and never without what it refers to.</summary>
/// <remarks>Two bits per frame. One owner: the consumer.</remarks>
internal struct FrameWindow
{
    public const int Size = 256;
    private const int Words = Size / 64;

    private Bits _decided;
    private Bits _kept;
    private bool _started;
    private ushort _newest;

    /// <summary>What was decided of a frame.</summary>
    public readonly FrameFate FateOf(ushort frame)
    {
        int ahead = (short)(ushort)(frame - _newest);
        if (!_started || ahead > 0)
        {
            return FrameFate.Undecided;
        }

        if (ahead <= -Size)
        {
            return FrameFate.Forgotten;
        }

        return !Get(_decided, frame) ? FrameFate.Undecided : Get(_kept, frame) ? FrameFate.Kept : FrameFate.Dropped;
    }

    /// <summary>True when the frame lies ahead of all that were decided.</summary>
    public readonly bool IsAhead(ushort frame) => !_started || (short)(ushort)(frame - _newest) > 0;

    /// <summary>True when the consumer cannot decode a frame, because it was not sent one that this refers to.</summary>
    public readonly bool LacksReference(in FrameFacts frame)
    {
        for (int i = 0; i < frame.ReferenceCount; i++)
        {
            if (FateOf((ushort)(frame.Frame - frame.GetReference(i))) == FrameFate.Dropped)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Decides about a frame that is not forgotten.</summary>
    public void Decide(ushort frame, bool keep)
    {
        int ahead = _started ? (short)(ushort)(frame - _newest) : Size;
        if (ahead > 0)
        {
            Advance(frame, ahead);
        }

        Set(ref _decided, frame, true);
        Set(ref _kept, frame, keep);
    }

    /// <summary>Nothing before counts any more: another stream, or a keyframe after which numbers began anew.</summary>
    public void Restart() => this = default;

    private void Advance(ushort frame, int ahead)
    {
        if (ahead >= Size)
        {
            (_decided, _kept) = (default, default);
        }
        else
        {
            for (int i = 1; i < ahead; i++)
            {
                Set(ref _decided, (ushort)(_newest + i), false);
            }
        }

        (_newest, _started) = (frame, true);
    }

    private static bool Get(in Bits bits, ushort frame) => (bits[frame / 64 % Words] & (1UL << (frame % 64))) != 0;

    private static void Set(ref Bits bits, ushort frame, bool value)
    {
        ref ulong word = ref bits[frame / 64 % Words];
        ulong bit = 1UL << (frame % 64);
        word = value ? word | bit : word & ~bit;
    }

    [InlineArray(Words)]
    private struct Bits
    {
        private ulong _first;
    }
}
