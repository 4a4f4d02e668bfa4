using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Receive;

/// <summary>References of VP9 in flexible mode (RFC 9628 §4.2): pictures back in the same layer, and the layer below.</summary>
internal sealed class Vp9FrameReader : IFrameReader
{
    private NumberUnwrapper _pictures = new(15);

    public bool TryRead(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> dependencies, bool marker, out FrameFacts facts)
    {
        facts = default;
        if (!Vp9Descriptor.TryRead(payload, out Vp9Descriptor descriptor) || !descriptor.HasPictureId || !descriptor.IsFlexible)
        {
            return false;
        }

        long picture = _pictures.Unwrap(descriptor.PictureId);

        // The publishers of this simulation refer once at most: the byte behind the layers.
        int back = descriptor.IsInterPicture ? payload[(descriptor.IsPictureIdLong ? 3 : 2) + 1] >> 1 : 0;
        bool below = descriptor.IsInterLayer && descriptor.SpatialLayer > 0;
        PacketStamp.TryRead(payload, out PacketStamp stamp);
        facts = new FrameFacts
        {
            StartsFrame = descriptor.IsStartOfFrame,
            StartsPicture = descriptor.IsStartOfFrame && (descriptor.SpatialLayer == 0 || !descriptor.IsInterLayer),
            EndsFrame = descriptor.IsEndOfFrame,
            IsKey = !descriptor.IsInterPicture && descriptor.SpatialLayer == 0,
            Frame = Identity(picture, descriptor.SpatialLayer),
            References = new References(back > 0 ? Identity(picture - back, descriptor.SpatialLayer) : 0, below ? Identity(picture, descriptor.SpatialLayer - 1) : 0),
            Stamp = stamp,
        };
        return true;
    }

    private static long Identity(long picture, int spatial) => (picture * 8) + spatial;
}
