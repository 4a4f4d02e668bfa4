using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Media.Layers;

/// <summary>
/// When a consumer is told which decode targets it can decode (RTP Payload Format For AV1, A.4.4): with every structure, since without it all count as
/// sent, and after a change in the first packet of some frames, so that a loss does not hide it.
/// </summary>
/// <remarks>A value; one owner, the consumer.</remarks>
internal struct DecodeTargetSignal
{
    /// <summary>Frames that tell of a change.</summary>
    public const int Repeats = 8;

    private uint _told;
    private int _left;

    /// <summary>What the packet in hand has to tell, one bit for each decode target; 0 when it is to stay as it is.</summary>
    /// <param name="decodable">The targets that are part of what is sent.</param>
    /// <param name="frame">The packet, which is sent.</param>
    public uint Take(uint decodable, in FrameFacts frame)
    {
        ActiveDecodeTargets targets = frame.Targets;
        uint mask = decodable & targets.Mask;
        if (mask == 0)
        {
            return 0;
        }

        bool isStructure = frame.Has(FrameFlags.Structure);
        if (isStructure)
        {
            (_told, _left) = (mask, 0);
        }
        else if (mask != _told)
        {
            (_told, _left) = (mask, Repeats);
        }

        if (isStructure || targets.IsTold)
        {
            return mask == targets.Mask ? 0 : mask;
        }

        if (_left == 0 || !frame.Has(FrameFlags.BeginsFrame))
        {
            return 0;
        }

        _left--;
        return mask;
    }
}
