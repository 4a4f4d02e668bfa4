using Crosspoint.Media.Encryption;
using Crosspoint.Media.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Media.Tests.Encryption;

/// <summary>In an encrypted room a frame is forwarded when its header says what it must, and otherwise none of it is.</summary>
public class FrameCheckTests
{
    public static TheoryData<PayloadFormat> Codecs => [PayloadFormat.Opus, PayloadFormat.Vp8, PayloadFormat.Vp9];

    public static TheoryData<PayloadFormat> Videos => [PayloadFormat.Vp8, PayloadFormat.Vp9];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Encrypted_frames_are_forwarded(PayloadFormat codec)
    {
        EncryptedCall call = new(codec);
        call.Send(call.Sealed(key: true, packets: codec == PayloadFormat.Opus ? 1 : 3));
        for (int i = 0; i < 20; i++)
        {
            call.Send(call.Sealed(packets: codec == PayloadFormat.Opus ? 1 : 2));
        }

        Assert.Equal(codec == PayloadFormat.Opus ? 21 : 43, call.Take());
        Assert.DoesNotContain(call.Room.Events(), e => e.Kind == RouterEventKind.FramesRefused);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Plaintext_reaches_nobody_and_its_producer_must_go(PayloadFormat codec)
    {
        EncryptedCall call = new(codec);
        int packets = codec == PayloadFormat.Opus ? 1 : 3;
        for (int i = 0; i < 100; i++)
        {
            call.Send(call.Plain(key: i % 10 == 0, packets));
            RouterEvent[] told = [.. call.Room.Events().Where(e => e.Kind == RouterEventKind.FramesRefused)];
            Assert.Equal(i == 4 ? 1 : 0, told.Length);
            Assert.All(told, e => Assert.Equal(call.Producer, e.Producer));
        }

        Assert.Equal(0, call.Take());
        Assert.Equal(100, Enum.GetValues<FrameRefusal>().Sum(call.Refused));
        Assert.Equal(100 * (packets - 1), call.Dropped(MediaDropReason.SframeRefused));
    }

    [Fact]
    public void A_sender_that_ceases_to_encrypt_is_noticed_at_the_first_frame()
    {
        EncryptedCall call = new(PayloadFormat.Vp8);
        call.Send(call.Sealed(key: true));
        call.Send(call.Sealed());
        Assert.Equal(2, call.Take());
        for (int i = 0; i < 10; i++)
        {
            call.Send(call.Plain(key: i == 3, packets: 4));
        }

        Assert.Equal(0, call.Take());
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_frame_of_another_leaf_kind_or_epoch_is_refused(PayloadFormat codec)
    {
        EncryptedCall call = new(codec);
        call.SendLeaf = 6;
        call.Send(call.Sealed(key: true));
        Assert.Equal((0, 1L, 1L), (call.Take(), call.Refused(FrameRefusal.Leaf), call.Dropped(MediaDropReason.SframeLeaf)));
        (call.SendLeaf, call.SendKind) = (EncryptedCall.Leaf, SFrameKind.Screen);
        call.Send(call.Sealed(key: true));
        Assert.Equal((0, 1L, 1L), (call.Take(), call.Refused(FrameRefusal.Kind), call.Dropped(MediaDropReason.SframeKind)));
        (call.SendKind, call.SendEpoch) = (null, EncryptedCall.Epoch + 1);
        call.Send(call.Sealed(key: true));
        Assert.Equal((0, 1L, 1L), (call.Take(), call.Refused(FrameRefusal.Epoch), call.Dropped(MediaDropReason.SframeEpoch)));
        call.SendEpoch = EncryptedCall.Epoch;
        call.Send(call.Sealed(key: true));
        Assert.Equal(1, call.Take());
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void The_epoch_before_passes_while_both_overlap(PayloadFormat codec)
    {
        EncryptedCall call = new(codec);
        call.Send(call.Sealed(key: true));
        byte next = EncryptedCall.Epoch + 1;
        call.Room.Router.SetFrameEpochs(new FrameEpochs(next, EncryptedCall.Epoch));
        call.Send(call.Sealed());
        call.SendEpoch = next;
        call.Send(call.Sealed());
        call.SendEpoch = EncryptedCall.Epoch;
        call.Send(call.Sealed());
        Assert.Equal(4, call.Take());

        call.Room.Router.SetFrameEpochs(new FrameEpochs(next, null));
        for (int i = 0; i < 20; i++)
        {
            call.Send(call.Sealed());
        }

        Assert.Equal((0, 20L), (call.Take(), call.Refused(FrameRefusal.Epoch)));
        Assert.DoesNotContain(call.Room.Events(), e => e.Kind == RouterEventKind.FramesRefused); // slow, not plaintext
        call.SendEpoch = next;
        call.Send(call.Sealed(key: true));
        Assert.Equal(1, call.Take());
    }

    [Fact]
    public void A_former_leaf_passes_until_the_overlap_is_over()
    {
        EncryptedCall call = new(PayloadFormat.Opus);
        call.Room.Router.SetFrameEpochs(new FrameEpochs(42, EncryptedCall.Epoch));
        call.Producer.SetFrameLeaf(9, SFrameKind.Audio);
        call.Send(call.Sealed());
        (call.SendLeaf, call.SendEpoch) = (9, 42);
        call.Send(call.Sealed());
        Assert.Equal(2, call.Take());
        call.Room.Router.SetFrameEpochs(new FrameEpochs(42, null));
        call.Send(call.Sealed());
        call.SendLeaf = EncryptedCall.Leaf;
        call.Send(call.Sealed());
        Assert.Equal((1, 1L), (call.Take(), call.Refused(FrameRefusal.Leaf)));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Nothing_passes_before_it_is_known_whose_it_is(PayloadFormat codec)
    {
        EncryptedCall call = new(codec, isReady: false);
        call.Room.Router.SetFrameEpochs(new FrameEpochs(EncryptedCall.Epoch, null));
        for (int i = 0; i < 20; i++)
        {
            call.Send(call.Sealed(key: true));
        }

        Assert.Equal((0, 20L), (call.Take(), call.Refused(FrameRefusal.Leaf)));
        Assert.DoesNotContain(call.Room.Events(), e => e.Kind == RouterEventKind.FramesRefused);
        call.Producer.SetFrameLeaf(EncryptedCall.Leaf, call.Kind);
        call.Send(call.Sealed(key: true));
        Assert.Equal(1, call.Take());
    }

    [Fact]
    public void In_a_room_that_is_not_encrypted_nothing_is_looked_at()
    {
        EncryptedCall call = new(PayloadFormat.Vp8, isReady: false);
        call.Send(call.Plain(key: true, packets: 3));
        Assert.Equal(3, call.Take());
    }

    [Fact]
    public void What_is_not_minimal_or_ends_before_the_header_is_malformed()
    {
        EncryptedCall call = new(PayloadFormat.Opus);
        byte[][] frames =
        [
            [0xA0 | 0x08, 0x00], // cut short
            [0xB8, 0x00, 0x0C, 0x05, 0x29, 0x01, .. new byte[20]], // a zero in front
            [0xA8, 0x0C, 0x05, 0x29, 0x05, .. new byte[20]], // a counter that had room
        ];
        foreach (byte[] frame in frames)
        {
            call.Send(call.Packetize(frame, key: false, packets: 1));
        }

        Assert.Equal((0, 3L), (call.Take(), call.Refused(FrameRefusal.Malformed)));
        EncryptedCall video = new(PayloadFormat.Vp8);
        video.Send(video.Packetize([0x10, 2, 0, 0x9D], key: true, packets: 1));
        Assert.Equal((0, 1L), (video.Take(), video.Refused(FrameRefusal.Malformed)));
    }

    [Theory]
    [MemberData(nameof(Videos))]
    public void After_a_refused_frame_video_goes_on_with_a_keyframe(PayloadFormat codec)
    {
        EncryptedCall call = new(codec);
        call.Send(call.Sealed(key: true));
        call.Send(call.Plain(packets: 3));
        Assert.Equal(1, call.Take());
        call.TakeKeyFrameRequests();
        call.Send(call.Sealed());
        Assert.Equal((0, 1), (call.Take(), call.TakeKeyFrameRequests()));
        call.Send(call.Sealed(key: true, packets: 2));
        call.Send(call.Sealed());
        ushort[] numbers = [.. call.Receiver.Sink.Rtp.Select(sent => Packets.Parse(sent.Packet).SequenceNumber.Value)];
        Assert.Equal(3, numbers.Length);
        Assert.Equal([numbers[0], (ushort)(numbers[0] + 1), (ushort)(numbers[0] + 2)], numbers);
    }

    [Fact]
    public void Sound_goes_on_without_a_gap()
    {
        EncryptedCall call = new(PayloadFormat.Opus);
        call.Send(call.Sealed());
        call.Send(call.Plain());
        call.Send(call.Sealed());
        ushort[] numbers = [.. call.Receiver.Sink.Rtp.Select(sent => Packets.Parse(sent.Packet).SequenceNumber.Value)];
        Assert.Equal([numbers[0], (ushort)(numbers[0] + 1)], numbers);
    }

    [Theory]
    [MemberData(nameof(Videos))]
    public void A_packet_that_overtakes_the_first_of_its_frame_fares_as_the_frame_before(PayloadFormat codec)
    {
        EncryptedCall call = new(codec);
        call.Send(call.Sealed(key: true, packets: 2));
        List<byte[]> frame = call.Sealed(packets: 3);
        call.Send([frame[1], frame[2], frame[0]]);
        Assert.Equal(5, call.Take());

        call.Send(call.Plain());
        List<byte[]> other = call.Sealed(packets: 2);
        call.Send([other[1]]);
        Assert.Equal((0, 1L), (call.Take(), call.Dropped(MediaDropReason.SframeUnjudged)));

        EncryptedCall silent = new(codec);
        List<byte[]> first = silent.Plain(key: true, packets: 3);
        silent.Send(first[1..]);
        Assert.Equal((0, 2L), (silent.Take(), silent.Dropped(MediaDropReason.SframeUnjudged)));
    }

    [Fact]
    public void A_first_packet_that_comes_by_repair_is_looked_at_too()
    {
        EncryptedCall call = new(PayloadFormat.Vp8);
        call.Send(call.Sealed(key: true));
        List<byte[]> good = call.Sealed(packets: 2);
        call.Send([good[1], EncryptedCall.AsRepair(good[0], 1)]);
        Assert.Equal(3, call.Take());

        List<byte[]> plain = call.Plain(packets: 1);
        call.Send([EncryptedCall.AsRepair(plain[0], 2)]);
        Assert.Equal((0, 1), (call.Take(), (int)Enum.GetValues<FrameRefusal>().Sum(call.Refused)));
    }

    [Fact]
    public void A_late_packet_of_an_old_epoch_is_refused()
    {
        EncryptedCall call = new(PayloadFormat.Vp8);
        call.Send(call.Sealed(key: true));
        List<byte[]> late = call.Sealed(packets: 1);
        call.Room.Router.SetFrameEpochs(new FrameEpochs(42, null));
        call.SendEpoch = 42;
        call.Send(call.Sealed(key: true));
        Assert.Equal(2, call.Take());
        call.Send([EncryptedCall.AsRepair(late[0], 1)]);
        Assert.Equal((0, 1L), (call.Take(), call.Refused(FrameRefusal.Epoch)));
    }

    [Theory]
    [InlineData(PayloadFormat.H264)]
    [InlineData(PayloadFormat.Av1)]
    public void Codecs_whose_frames_cannot_be_looked_at_do_not_pass(PayloadFormat codec)
    {
        EncryptedCall call = new(codec);
        call.Send(call.Sealed(key: true));
        Assert.Equal((0, 1L), (call.Take(), call.Refused(FrameRefusal.Codec)));
    }

    [Fact]
    public void Redundant_audio_does_not_pass_and_is_not_offered()
    {
        EncryptedCall call = new(PayloadFormat.Opus);
        byte[] packet = call.Sealed()[0];
        packet[1] = (byte)((packet[1] & 0x80) | 98);
        call.Send([packet]);
        Assert.Equal((0, 1L), (call.Take(), call.Refused(FrameRefusal.Codec)));

        RtpNegotiator negotiator = new(CodecPolicy.Default.ForEncryptedFrames());
        Assert.Equal(
            ["audio/opus", "video/VP8", "video/VP9"],
            negotiator.Capabilities.Codecs.Select(codec => codec.MimeType).Where(type => !type.EndsWith("/rtx", StringComparison.Ordinal)).Distinct());
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Of_a_million_random_frames_hardly_one_passes(PayloadFormat codec)
    {
        const int Seed = 9605;
        Random random = new(Seed);
        EncryptedCall call = new(codec);
        call.Room.Router.SetFrameEpochs(new FrameEpochs(EncryptedCall.Epoch, EncryptedCall.Epoch - 1));
        byte[] frame = new byte[40];
        long passed = 0;
        for (int i = 0; i < 1_000_000; i++)
        {
            random.NextBytes(frame);
            call.Send(call.Packetize(frame, key: (frame[0] & 1) == 0, packets: 1));
            passed = i + 1 - Enum.GetValues<FrameRefusal>().Sum(call.Refused);
        }

        Assert.True(passed < 1_000_000 / (1 << 16), $"{passed} passed, seed {Seed}");
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Looking_costs_no_memory(PayloadFormat codec)
    {
        EncryptedCall call = new(codec);
        call.Receiver.Sink.Keeps = false;
        List<byte[]>[] frames = [call.Sealed(key: true), .. Enumerable.Range(0, 5000).Select(i => i % 100 == 99 ? call.Plain() : call.Sealed(key: i % 10 == 0))];
        int next = 0;
        foreach (List<byte[]> frame in frames[..2000])
        {
            call.Send(frame);
        }

        Assert.Equal(0, AllocationMeter.Count(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                call.Room.Router.HandleRtp(call.Now, call.Sender.Transport, frames[2000 + next++][0]);
            }
        }));
    }
}
