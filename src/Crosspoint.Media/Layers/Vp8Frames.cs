using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Layers;

/// <summary>
/// VP8 (RFC 7741): temporal layers by TID. A layer can be joined at a frame with Y set, which needs the lowest layer only; what later frames
/// of it need is not told, so it is joined layer by layer.
/// </summary>
internal static class Vp8Frames
{
    /// <summary>Reads a payload; false when it breaks the format.</summary>
    public static bool TryRead(in RtpPacket packet, ref FrameFacts facts)
    {
        if (!Vp8Descriptor.TryRead(packet.Payload, out Vp8Descriptor descriptor))
        {
            return false;
        }

        bool isKey = descriptor.IsKeyFrame(packet.Payload);
        facts.Flags |= FrameFlags.Stepwise | FrameFlags.KeyFrame.When(isKey) | FrameFlags.EndOfFrame.When(packet.Marker) | FrameFlags.Layered.When(descriptor.HasTemporalLayer);
        facts.Temporal = descriptor.TemporalLayer;
        facts.Present = LayerMask.From(0, descriptor.TemporalLayer);
        facts.Switch = isKey ? LayerMask.All : descriptor is { IsLayerSync: true, TemporalLayer: > 0 } ? LayerMask.Column(descriptor.TemporalLayer) : 0;
        facts.Picture = PictureFields.Of(descriptor);
        return true;
    }
}
