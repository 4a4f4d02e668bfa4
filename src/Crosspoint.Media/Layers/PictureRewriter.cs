using System.Runtime.CompilerServices;

namespace Crosspoint.Media.Layers;

/// <summary>
/// Keeps picture id and TL0PICIDX running on over changes of stream. VP8's picture ids also close over frames that were left out, because
/// a receiver waits for an id that is missing; VP9's must not, because its references count by them.
/// </summary>
/// <remarks>One owner: the consumer.</remarks>
/// <param name="closes">Whether ids close over frames that were left out.</param>
internal struct PictureRewriter(bool closes)
{
    private const int Remembered = 128;

    private Ring _offsets;
    private ushort _offset;
    private byte _tl0Offset;
    private ushort _newestFrame;
    private bool _hasFrame;
    private bool _hasOutput;
    private ushort _newestId;
    private byte _newestTl0;

    /// <summary>Another stream begins, with a keyframe.</summary>
    public void Begin(in PictureFields first)
    {
        _hasFrame = false;
        if (_hasOutput)
        {
            _offset = (ushort)(_newestId + 1 - first.PictureId);
            _tl0Offset = (byte)(_newestTl0 + 1 - first.Tl0);
        }
    }

    /// <summary>The same stream goes on after a pause, with a keyframe.</summary>
    public void Resume(in PictureFields first)
    {
        if (closes)
        {
            Begin(first);
        }
    }

    /// <summary>Takes a packet that is sent or left out into account.</summary>
    public void Pass(in FrameFacts frame, bool keep)
    {
        if (!closes || !frame.Has(FrameFlags.Numbered))
        {
            return;
        }

        int ahead = _hasFrame ? (short)(ushort)(frame.Frame - _newestFrame) : 1;
        for (int i = Math.Max(1, ahead - Remembered + 1); i <= ahead; i++)
        {
            _offsets[(ushort)(frame.Frame - ahead + i) % Remembered] = _offset;
        }

        if (ahead > 0)
        {
            (_newestFrame, _hasFrame) = (frame.Frame, true);
            _offset = keep ? _offset : (ushort)(_offset - 1);
        }
    }

    /// <summary>The numbers a packet that was passed gets; true when they are not the ones it has.</summary>
    public bool Map(in FrameFacts frame, out ushort pictureId, out byte tl0)
    {
        bool isRemembered = closes && frame.Has(FrameFlags.Numbered) && (ushort)(_newestFrame - frame.Frame) < Remembered;
        pictureId = (ushort)((frame.Picture.PictureId + (isRemembered ? _offsets[frame.Frame % Remembered] : _offset)) & 0x7FFF);
        tl0 = (byte)(frame.Picture.Tl0 + _tl0Offset);
        Note(pictureId, tl0);
        int mask = frame.Picture.IsPictureIdLong ? 0x7FFF : 0x7F;
        bool sameId = frame.Picture.PictureIdAt == 0 || ((pictureId ^ frame.Picture.PictureId) & mask) == 0;
        bool sameTl0 = frame.Picture.Tl0At == 0 || tl0 == frame.Picture.Tl0;
        return !(sameId && sameTl0);
    }

    private void Note(ushort pictureId, byte tl0)
    {
        bool isNewer = !_hasOutput || ((pictureId - _newestId) & 0x7FFF) is > 0 and < 0x4000;
        if (isNewer)
        {
            (_newestId, _newestTl0, _hasOutput) = (pictureId, tl0, true);
        }
    }

    [InlineArray(Remembered)]
    private struct Ring
    {
        private ushort _first;
    }
}
