using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Sim.Encode;

namespace Crosspoint.Sim.Tests;

/// <summary>What the simulation writes, the engine's own reader must understand as it was meant.</summary>
public class DependencyDescriptorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_reader_gets_back_what_was_written(bool keyFramesOnlyRefer)
    {
        EncoderShape shape = EncoderShape.Av1L3T3 with { KeyFramesOnlyRefer = keyFramesOnlyRefer };
        VideoEncoder encoder = new(shape, 1);
        DependencyDescriptorWriter writer = new(shape);
        DependencyTracker expected = new(3, 3, keyFramesOnlyRefer);
        DependencyDescriptorReader reader = new();
        for (int picture = 0; picture < 40; picture++)
        {
            // A layer that comes and goes, and a keyframe on request.
            encoder.SetRate(picture is > 12 and < 20 ? new(300_000) : shape.Max);
            if (picture == 30)
            {
                encoder.RequestKeyFrame(0);
            }

            List<LayerFrame> frames = [];
            encoder.Encode(frames);
            foreach (LayerFrame frame in frames)
            {
                FrameDependencies meant = expected.Next(frame, out int number);
                (byte[] first, byte[] middle, byte[] last, _) = writer.Next(frame);
                Check(reader, first, frame, meant, number, start: true, end: false);
                Check(reader, middle, frame, meant, number, start: false, end: false);
                Check(reader, last, frame, meant, number, start: false, end: true);
            }
        }
    }

    private static void Check(DependencyDescriptorReader reader, byte[] element, LayerFrame frame, FrameDependencies meant, int number, bool start, bool end)
    {
        Assert.Equal(DependencyDescriptorStatus.Ok, reader.Read(element, out DependencyDescriptor read));
        Assert.Equal((start, end, (ushort)number), (read.IsStartOfFrame, read.IsEndOfFrame, read.FrameNumber));
        Assert.Equal((frame.Spatial, frame.Temporal), (read.SpatialLayer, read.TemporalLayer));
        Assert.Equal(meant.Indications, read.Indications.ToArray());
        Assert.Equal(meant.References.Select(reference => (ushort)reference), read.References.ToArray());
        Assert.Equal(meant.Chains.Select(chain => (byte)chain), read.Chains.ToArray());
        Assert.Equal((1u << ((frame.HighestSpatial + 1) * 3)) - 1, read.ActiveDecodeTargets);
    }
}
