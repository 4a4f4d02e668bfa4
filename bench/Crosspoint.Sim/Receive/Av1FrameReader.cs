using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Receive;

/// <summary>References of AV1 as the dependency descriptor tells them.</summary>
internal sealed class Av1FrameReader : IFrameReader
{
    private readonly DependencyDescriptorReader _reader = new();
    private NumberUnwrapper _frames = new(16);

    public bool TryRead(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> dependencies, bool marker, out FrameFacts facts)
    {
        facts = default;
        if (_reader.Read(dependencies, out DependencyDescriptor descriptor) != DependencyDescriptorStatus.Ok)
        {
            return false;
        }

        long frame = _frames.Unwrap(descriptor.FrameNumber);
        PacketStamp.TryRead(payload, out PacketStamp stamp);
        facts = new FrameFacts
        {
            StartsFrame = descriptor.IsStartOfFrame,
            EndsFrame = descriptor.IsEndOfFrame,
            StartsPicture = descriptor.IsStartOfFrame && descriptor.SpatialLayer == 0,
            IsKey = descriptor.IsKeyFrame,
            Frame = frame,
            References = new References(Reference(descriptor, frame, 0), Reference(descriptor, frame, 1), Reference(descriptor, frame, 2), Reference(descriptor, frame, 3)),
            Stamp = stamp,
        };
        return true;
    }

    private static long Reference(in DependencyDescriptor descriptor, long frame, int index) =>
        index < descriptor.References.Length ? frame - descriptor.References[index] : 0;
}
