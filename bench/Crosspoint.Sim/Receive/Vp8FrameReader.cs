using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Receive;

/// <summary>
/// References of VP8 as a receiver infers them (RFC 7741 §4.2): the base layer from the base layer before it (TL0PICIDX), an upper frame
/// that is a sync point from its base frame, any other from all pictures since its base frame, for it cannot know which. A base frame that
/// has not come yet, not one packet of it, is known by its index: it may come by repair, and browsers wait for it.
/// </summary>
internal sealed class Vp8FrameReader : IFrameReader
{
    // Base frames by their unwrapped index.
    private readonly Dictionary<long, long> _bases = [];
    private NumberUnwrapper _pictures = new(15);
    private NumberUnwrapper _indices = new(8);

    public bool TryRead(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> dependencies, bool marker, out FrameFacts facts)
    {
        facts = default;
        if (!Vp8Descriptor.TryRead(payload, out Vp8Descriptor descriptor) || !descriptor.HasPictureId)
        {
            return false;
        }

        bool key = descriptor.IsKeyFrame(payload);
        long picture = _pictures.Unwrap(descriptor.PictureId);
        References references = descriptor.HasTemporalLayer ? Layered(descriptor, picture) : new References(picture - 1);
        PacketStamp.TryRead(payload, out PacketStamp stamp);
        facts = new FrameFacts
        {
            StartsFrame = descriptor.IsStartOfFrame,
            StartsPicture = descriptor.IsStartOfFrame,
            EndsFrame = marker,
            IsKey = key,
            Frame = picture,
            Alias = descriptor is { HasTemporalLayer: true, TemporalLayer: 0 } ? AliasOf(_indices.Unwrap(descriptor.Tl0PictureIndex)) : 0,
            References = key ? default : references,
            Stamp = stamp,
        };
        return true;
    }

    private References Layered(in Vp8Descriptor descriptor, long picture)
    {
        long index = _indices.Unwrap(descriptor.Tl0PictureIndex);
        if (descriptor.TemporalLayer == 0)
        {
            _bases[index] = picture;
            _bases.Remove(index - 64);
            return new References(_bases.GetValueOrDefault(index - 1, AliasOf(index - 1)));
        }

        long basis = _bases.GetValueOrDefault(index, AliasOf(index));
        bool all = !descriptor.IsLayerSync;
        return new References(basis, Since(picture - 1, basis, all), Since(picture - 2, basis, all), Since(picture - 3, basis, all));
    }

    private static long AliasOf(long index) => -2 - Math.Max(0, index);

    private static long Since(long picture, long basis, bool all) => all && picture > basis ? picture : 0;
}
