using Crosspoint.Contracts.Rtp;
using Crosspoint.Load.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Load.Tests.Media;

/// <summary>Frames that are to look encrypted carry the header where the server looks for it, and are no larger for it.</summary>
public class FrameSealTests
{
    [Fact]
    public void Every_packet_of_sound_and_every_first_packet_of_a_picture_has_a_header()
    {
        FrameSeal seal = new(5) { Epoch = 41 };
        OpusSource sound = new(new TrackDescription(MediaKind.Audio, 1, "0"), new MediaProfile(), seed: 1, seal);
        Vp8Source video = new(new TrackDescription(MediaKind.Video, 2, "1"), new MediaProfile(), seed: 1, seal);
        byte[] payload = new byte[2048];
        for (int packet = 0; packet < 100; packet++)
        {
            int length = sound.WritePayload(sound.Due, payload, out _);
            AssertSealed(payload.AsSpan(0, length), SFrameKind.Audio);
            length = video.WritePayload(video.Due, payload, out _);
            Assert.True(Vp8Descriptor.TryRead(payload.AsSpan(0, length), out Vp8Descriptor descriptor));
            if (descriptor.IsStartOfFrame)
            {
                AssertSealed(payload.AsSpan(descriptor.Length + (descriptor.IsKeyFrame(payload.AsSpan(0, length)) ? 10 : 1), 20), SFrameKind.Camera);
            }
        }
    }

    [Fact]
    public void Sizes_are_those_of_frames_in_the_clear()
    {
        TrackDescription description = new(MediaKind.Video, 2, "1");
        Vp8Source clear = new(description, new MediaProfile(), seed: 1);
        Vp8Source encrypted = new(description, new MediaProfile(), seed: 1, new FrameSeal(5));
        byte[] payload = new byte[2048];
        for (int packet = 0; packet < 200; packet++)
        {
            Assert.Equal(clear.WritePayload(Instant.Zero, payload, out _), encrypted.WritePayload(Instant.Zero, payload, out _));
        }
    }

    private static void AssertSealed(ReadOnlySpan<byte> frame, SFrameKind kind)
    {
        Assert.True(SFrameHeader.TryRead(frame, isMinimal: true, out SFrameHeader header, out _));
        Assert.Equal(new SFrameKeyId(1, kind, 5, 41), new SFrameKeyId(header.KeyId));
    }
}
