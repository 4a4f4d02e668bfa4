using System.Buffers.Binary;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Layers;

/// <summary>A packet as it came to a receiver.</summary>
internal sealed record ReceivedPacket(
    ushort Sequence, uint Timestamp, bool Marker, int Frame, int Index, int Count, int Spatial, int Temporal, int[] References, int? Number, PictureFacts Picture);

internal readonly record struct PictureFacts(bool IsPresent, int Id, int Tl0, bool IsLong);

/// <summary>
/// A receiver that decodes nothing but knows everything: by the truth in the payloads it checks that frames come whole and never without
/// what they refer to, and by the headers that their numbers are those of one stream.
/// </summary>
internal sealed class LayeredReceiver(ConsumerPlan plan)
{
    private readonly DependencyDescriptorReader _reader = new();

    public List<ReceivedPacket> Packets { get; } = [];

    /// <summary>The decode targets that are being sent, as the receiver believes; 0 before it was told of any.</summary>
    public uint DecodeTargets { get; private set; }

    /// <summary>Packets that told of them.</summary>
    public int TargetsTold { get; private set; }

    /// <summary>Numbers that came without payload.</summary>
    public HashSet<ushort> Empty { get; } = [];

    public void Take(byte[] bytes)
    {
        Assert.True(RtpPacket.TryParse(bytes, out RtpPacket packet));
        Assert.Equal(plan.Ssrc, packet.Ssrc);
        if (packet.Payload.IsEmpty)
        {
            Empty.Add(packet.SequenceNumber.Value);
            return;
        }

        Packets.Add(Read(packet));
    }

    /// <summary>All that must be so when nothing was lost on the way to the router.</summary>
    public void AssertSeamless()
    {
        AssertDecodable([]);
        for (int i = 1; i < Packets.Count; i++)
        {
            (ReceivedPacket before, ReceivedPacket packet) = (Packets[i - 1], Packets[i]);
            Assert.Equal((ushort)(before.Sequence + 1), packet.Sequence);
            int step = (int)(packet.Timestamp - before.Timestamp);
            Assert.InRange(step, 0, 900_000);
            Assert.Equal(step != 0, before.Marker);
        }
    }

    /// <summary>Every frame is whole, and has what it refers to, save for what was lost before the router.</summary>
    /// <param name="lost">Frames of which something never came to the router.</param>
    public void AssertDecodable(HashSet<int> lost)
    {
        Dictionary<int, List<ReceivedPacket>> frames = [];
        foreach (ReceivedPacket packet in Packets)
        {
            if (!frames.TryGetValue(packet.Frame, out List<ReceivedPacket>? list))
            {
                frames.Add(packet.Frame, list = []);
            }

            Assert.DoesNotContain(list, other => other.Index == packet.Index);
            list.Add(packet);
        }

        foreach ((int frame, List<ReceivedPacket> packets) in frames)
        {
            Assert.True(lost.Contains(frame) || packets.Count == packets[0].Count, $"frame {frame:X} came in part: {packets.Count} of {packets[0].Count}");
            foreach (int reference in packets[0].References)
            {
                Assert.True(frames.ContainsKey(reference) || lost.Contains(reference), $"frame {frame:X} came without {reference:X}");
            }
        }
    }

    /// <summary>VP8: ids grow by one from frame to frame, TL0PICIDX by one with each frame of the lowest layer.</summary>
    public void AssertVp8Numbers()
    {
        ReceivedPacket? before = null;
        foreach (ReceivedPacket packet in Packets.Where(packet => packet.Index == 0))
        {
            if (before is not null)
            {
                int mask = packet.Picture.IsLong ? 0x7FFF : 0x7F;
                Assert.Equal((before.Picture.Id + 1) & mask, packet.Picture.Id & mask);
                Assert.Equal((byte)(before.Picture.Tl0 + (packet.Temporal == 0 ? 1 : 0)), packet.Picture.Tl0);
            }

            before = packet;
        }

        AssertSameWithinFrames(packet => (packet.Picture.Id, packet.Picture.Tl0));
    }

    /// <summary>Dependency descriptor: frame numbers grow, and references lie where they say.</summary>
    public void AssertFrameNumbers()
    {
        int highest = -1;
        foreach (ReceivedPacket packet in Packets.Where(packet => packet.Index == 0))
        {
            int number = highest < 0 ? packet.Number!.Value : highest + (short)(ushort)(packet.Number!.Value - highest);
            Assert.True(highest < 0 || number > highest, $"{number} after {highest}");
            highest = number;
        }

        AssertSameWithinFrames(packet => packet.Number);
    }

    private void AssertSameWithinFrames<T>(Func<ReceivedPacket, T> number)
    {
        foreach (IGrouping<int, ReceivedPacket> frame in Packets.GroupBy(packet => packet.Frame))
        {
            Assert.Single(frame.Select(number).Distinct());
        }
    }

    private ReceivedPacket Read(in RtpPacket packet)
    {
        int? number = null;
        byte id = plan.Extensions[HeaderExtensionKind.DependencyDescriptor];
        if (id != 0 && packet.TryGetExtension(id, out ReadOnlySpan<byte> element))
        {
            // Whoever gets a frame can read what it is: the structure came before it.
            Assert.Equal(DependencyDescriptorStatus.Ok, _reader.Read(element, out DependencyDescriptor descriptor));
            number = descriptor.FrameNumber;
            DecodeTargets = descriptor.ActiveDecodeTargets;
            TargetsTold += descriptor.Active.IsTold ? 1 : 0;
        }

        ReadOnlySpan<byte> payload = packet.Payload;
        Assert.Equal(LayeredSource.TruthMagic, payload[^1]);
        ReadOnlySpan<byte> truth = payload[^payload[^2]..];
        int[] references = new int[truth[8]];
        for (int i = 0; i < references.Length; i++)
        {
            references[i] = BinaryPrimitives.ReadInt32BigEndian(truth[(9 + (4 * i))..]);
        }

        return new ReceivedPacket(
            packet.SequenceNumber.Value,
            packet.Timestamp.Value,
            packet.Marker,
            BinaryPrimitives.ReadInt32BigEndian(truth),
            truth[4],
            truth[5],
            truth[6],
            truth[7],
            references,
            number,
            ReadPicture(payload));
    }

    private PictureFacts ReadPicture(ReadOnlySpan<byte> payload)
    {
        if (plan.Codec == PayloadFormat.Vp8)
        {
            Assert.True(Vp8Descriptor.TryRead(payload, out Vp8Descriptor vp8));
            return new(vp8.HasPictureId && vp8.HasTl0PictureIndex, vp8.PictureId, vp8.Tl0PictureIndex, vp8.IsPictureIdLong);
        }

        if (plan.Codec == PayloadFormat.Vp9)
        {
            Assert.True(Vp9Descriptor.TryRead(payload, out Vp9Descriptor vp9));
            return new(vp9.HasPictureId, vp9.PictureId, vp9.Tl0PictureIndex, vp9.IsPictureIdLong);
        }

        return default;
    }
}
