using System.Buffers.Binary;
using Crosspoint.Rtc.Rtp.Payload;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Encode;

/// <summary>One RTP payload, with its descriptor and stamp, and its dependency descriptor if the codec has one.</summary>
internal readonly record struct EncodedPart(byte[] Payload, byte[]? Dependencies, bool Marker);

/// <summary>Cuts the frames of one encoding into payloads as browsers do, with the payload descriptor of the codec.</summary>
internal sealed class Packetizer(EncoderShape shape, ushort source)
{
    /// <summary>What an RTP payload may have, so that with everything around it a datagram stays below 1200 bytes.</summary>
    public const int MaxPayload = 1120;

    private readonly DependencyDescriptorWriter? _dependencies = shape.Codec == PayloadFormat.Av1 ? new(shape) : null;
    private ushort _pictureId = (ushort)(source * 257 & 0x7FFF);
    private byte _tl0 = (byte)(source * 31);
    private int _lastPicture = -1;
    private int _keyPicture;

    public List<EncodedPart> Cut(LayerFrame frame)
    {
        if (frame.Picture != _lastPicture)
        {
            _lastPicture = frame.Picture;
            _keyPicture = frame.IsKey ? frame.Picture : _keyPicture;
            _pictureId = (ushort)((_pictureId + 1) & 0x7FFF);
            _tl0 += (byte)(frame.Temporal == 0 ? 1 : 0);
        }

        Span<byte> head = stackalloc byte[40];
        (byte[] First, byte[] Middle, byte[] Last, byte[] Only) dependencies = _dependencies?.Next(frame) ?? default;
        int room = MaxPayload - 32 - PacketStamp.Length;
        int count = Math.Max(1, (frame.Bytes + room - 1) / room);
        List<EncodedPart> parts = new(count);
        for (int i = 0; i < count; i++)
        {
            bool first = i == 0;
            bool last = i == count - 1;
            int headLength = WriteHead(frame, first, last, head);
            int body = (frame.Bytes / count) + (i < frame.Bytes % count ? 1 : 0);
            byte[] payload = new byte[Math.Max(headLength + PacketStamp.Length, headLength + body)];
            head[..headLength].CopyTo(payload);
            new PacketStamp(source, frame.Picture, (byte)(shape.IsSimulcast ? frame.Encoding : frame.Spatial), (byte)frame.Temporal, frame.IsKey).Write(payload);
            byte[]? element = _dependencies is null ? null : first && last ? dependencies.Only : first ? dependencies.First : last ? dependencies.Last : dependencies.Middle;
            parts.Add(new EncodedPart(payload, element, last && frame.EndsPicture));
        }

        return parts;
    }

    private int WriteHead(LayerFrame frame, bool first, bool last, Span<byte> into)
    {
        into.Clear();
        return shape.Codec switch
        {
            PayloadFormat.Vp8 => WriteVp8(frame, first, into),
            PayloadFormat.Vp9 => WriteVp9(frame, first, last, into),
            _ => WriteAv1(frame, first, last, into),
        };
    }

    // RFC 7741 §4.2, and for the first packet the frame tag of RFC 6386 §9.1.
    private int WriteVp8(LayerFrame frame, bool first, Span<byte> into)
    {
        bool layered = shape.TemporalLayers > 1;
        bool discardable = layered && frame.Temporal == shape.TemporalLayers - 1;
        into[0] = (byte)(0x80 | (discardable ? 0x20 : 0) | (first ? 0x10 : 0));
        into[1] = (byte)(layered ? 0xE0 : 0x80);
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)(0x8000 | _pictureId));
        int at = 4;
        if (layered)
        {
            // Y: all it refers to is of the base layer. Of T0 T2 T1 T2 that is so for all but the last, which refers to T1.
            bool sync = frame.Temporal > 0 && !RefersToMiddle(frame);
            into[4] = _tl0;
            into[5] = (byte)((frame.Temporal << 6) | (sync ? 0x20 : 0));
            at = 6;
        }

        if (!first)
        {
            return at;
        }

        into[at] = (byte)(frame.IsKey ? 0x10 : 0x11);
        if (frame.IsKey)
        {
            int width = 1280 >> (shape.Layers.Count - 1 - frame.Encoding);
            ((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]).CopyTo(into[(at + 3)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(into[(at + 6)..], (ushort)width);
            BinaryPrimitives.WriteUInt16LittleEndian(into[(at + 8)..], (ushort)(width * 9 / 16));
        }

        return at + (frame.IsKey ? 10 : 3);
    }

    // RFC 9628 §4.2 in flexible mode: every packet says how many pictures back it refers.
    private int WriteVp9(LayerFrame frame, bool first, bool last, Span<byte> into)
    {
        bool structure = frame.IsKey && frame.Spatial == 0 && first;
        bool top = frame.Spatial == frame.HighestSpatial;
        bool below = !top && (frame.IsKey || !shape.KeyFramesOnlyRefer);
        bool inter = frame.RefersBack > 0;
        into[0] = (byte)(0x80 | (inter ? 0x40 : 0) | 0x20 | 0x10 | (first ? 0x08 : 0) | (last ? 0x04 : 0) | (structure ? 0x02 : 0) | (below ? 0 : 0x01));
        BinaryPrimitives.WriteUInt16BigEndian(into[1..], (ushort)(0x8000 | _pictureId));
        bool up = frame.Temporal > 0 && !RefersToMiddle(frame);
        into[3] = (byte)((frame.Temporal << 5) | (up ? 0x10 : 0) | (frame.Spatial << 1) | (frame.RefersBelow ? 1 : 0));
        int at = 4;
        if (inter)
        {
            into[at++] = (byte)(frame.RefersBack << 1);
        }

        if (structure)
        {
            into[at++] = (byte)(((shape.Layers.Count - 1) << 5) | 0x10);
            for (int spatial = 0; spatial < shape.Layers.Count; spatial++, at += 4)
            {
                int width = 1280 >> (shape.Layers.Count - 1 - spatial);
                BinaryPrimitives.WriteUInt16BigEndian(into[at..], (ushort)width);
                BinaryPrimitives.WriteUInt16BigEndian(into[(at + 2)..], (ushort)(width * 9 / 16));
            }
        }

        return at;
    }

    // §4.4 of the AV1 payload format: one OBU element, before it in a keyframe one with the sequence header.
    private static int WriteAv1(LayerFrame frame, bool first, bool last, Span<byte> into)
    {
        bool sequence = first && frame.IsKey && frame.Spatial == 0;
        into[0] = (byte)((first ? 0 : 0x80) | (last ? 0 : 0x40) | (sequence ? 0x20 : 0x10) | (sequence ? 0x08 : 0));
        int at = 1;
        if (sequence)
        {
            into[at++] = 2;
            into[at] = 1 << 3;
            at += 2;
        }

        if (first)
        {
            into[at++] = (6 << 3) | 4;
            into[at++] = (byte)((frame.Temporal << 5) | (frame.Spatial << 3));
        }

        return at;
    }

    // The last of T0 T2 T1 T2: the only one that refers to a picture of the middle layer.
    private bool RefersToMiddle(LayerFrame frame) => shape.TemporalLayers == 3 && (frame.Picture - _keyPicture) % 4 == 3;
}
