using System.Buffers.Binary;
using Crosspoint.Media.Plans;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Tests.Layers;

/// <summary>How the layers are told to who forwards them.</summary>
internal enum LayerSignal
{
    /// <summary>The dependency descriptor, and nothing of use in the payload.</summary>
    Descriptor,

    /// <summary>The codec's payload descriptor or OBU headers; VP9 in flexible mode.</summary>
    Payload,

    /// <summary>VP9's picture group.</summary>
    PictureGroup,
}

/// <summary>Sends one encoding as RTP. Each payload ends with the truth: which frame it is of, which packet of it, and what the frame refers to.</summary>
internal sealed class LayeredSource(Scalability mode, PayloadFormat codec, LayerSignal signal, int encoding = 0)
{
    public const int TruthMagic = 0x7C;

    private static readonly byte[][] Groups =
    [
        [1, 0b000_0_01_00, 1],
        [2, 0b000_0_01_00, 2, 0b001_1_01_00, 1],
        [4, 0b000_0_01_00, 4, 0b010_1_01_00, 1, 0b001_1_01_00, 2, 0b010_0_01_00, 1],
    ];

    private int _frameBase;
    private byte _tl0 = (byte)(200 + (encoding * 31));

    /// <summary>The next sequence number.</summary>
    public ushort Sequence { get; set; } = (ushort)(65_000 + (encoding * 137));

    /// <summary>The next picture's timestamp.</summary>
    public uint Timestamp { get; set; } = 0xFFFF_0000u + ((uint)encoding * 77_777);

    /// <summary>Added to picture ids and frame numbers.</summary>
    public int NumberOffset { get; set; } = 32_700 + (encoding * 400);

    /// <summary>7-bit picture ids.</summary>
    public bool ShortPictureIds { get; set; }

    /// <summary>What an encrypted frame begins with after what stays readable; null for frames that are not.</summary>
    public Func<byte[]>? SealedWith { get; init; }

    public Scalability Mode => mode;

    /// <summary>The packets of the next picture.</summary>
    public List<byte[]> Next(ProducerPlan plan, bool key, int layers = 4, int packetsPerFrame = 2)
    {
        List<byte[]> packets = [];
        List<EncodedFrame> frames = mode.Next(key, layers);
        _tl0 += frames[0].Temporal == 0 ? (byte)1 : (byte)0;
        if (key)
        {
            _frameBase = frames[0].Picture;
        }

        foreach (EncodedFrame frame in frames)
        {
            for (int i = 0; i < packetsPerFrame; i++)
            {
                (bool start, bool end) = (i == 0, i == packetsPerFrame - 1);
                byte[] payload = [.. Descriptor(frame, frames, key, start, end), .. start ? SealedWith?.Invoke() ?? [] : [], .. Truth(frame, i, packetsPerFrame)];
                packets.Add(Packet(plan, frame, key, start, end, end && frame.IsTop, payload));
            }
        }

        Timestamp += 3000;
        return packets;
    }

    private byte[] Packet(ProducerPlan plan, EncodedFrame frame, bool key, bool start, bool end, bool marker, byte[] payload)
    {
        byte[] bytes = new byte[1500];
        EncodingPlan own = plan.Encodings[encoding];
        RtpHeaderWriter writer = new(bytes, new RtpHeaderFields(plan.PayloadType, marker, new(Sequence++), new(Timestamp), own.Ssrc));
        if (signal == LayerSignal.Descriptor)
        {
            Assert.True(writer.TryAdd(plan.Extensions[HeaderExtensionKind.DependencyDescriptor], DescriptorBits.Write(mode, frame, key, start, end, NumberOffset)));
        }

        int length = writer.Complete();
        payload.CopyTo(bytes, length);
        return bytes[..(length + payload.Length)];
    }

    private byte[] Descriptor(EncodedFrame frame, List<EncodedFrame> picture, bool key, bool start, bool end) => codec switch
    {
        PayloadFormat.Vp8 => Vp8(frame, start),
        PayloadFormat.Vp9 => Vp9(frame, picture, key, start, end),
        PayloadFormat.Av1 => Av1(frame, start, end),
        _ => start && frame.IsKey ? [0x67, 0x42] : [0x41, start ? (byte)0x9A : (byte)0x10],
    };

    private byte[] Vp8(EncodedFrame frame, bool start)
    {
        byte head = (byte)(0x80 | (start ? 0x10 : 0));
        byte[] id = PictureId(frame);

        // The first T2 and every T1 of the pattern need T0 only.
        bool sync = frame.Temporal > 0 && frame.References.Length == 1 && !(frame.Temporal == 2 && (frame.Picture - _frameBase) % 4 == 3);
        byte layer = (byte)((frame.Temporal << 6) | (sync ? 0x20 : 0));
        byte[] body = !start ? [0xEE, 0xEE, 0xEE]
            : SealedWith is null ? [(byte)(frame.IsKey ? 0 : 1), 0, 0]
            : frame.IsKey ? new byte[10] : [1];
        return mode.Temporal > 1 ? [head, 0xE0, .. id, _tl0, layer, .. body] : [head, 0x80, .. id, .. body];
    }

    private byte[] Vp9(EncodedFrame frame, List<EncodedFrame> picture, bool key, bool start, bool end)
    {
        bool flexible = signal != LayerSignal.PictureGroup;
        int below = frame.Spatial > 0 ? picture[frame.Spatial - 1].Id : 0;
        List<EncodedFrame> upper = picture.FindAll(other => other.Spatial == frame.Spatial + 1);
        bool interLayer = frame.References.Contains(below) && frame.Spatial > 0;
        bool needed = upper.Exists(other => other.References.Contains(frame.Id));
        int[] back = [.. frame.References.Where(reference => reference != below || frame.Spatial == 0).Select(reference => Pictures(frame, reference))];
        bool inter = back.Length > 0;
        bool structure = key && frame.Spatial == 0 && start;
        byte head = (byte)(0x80 | (inter ? 0x40 : 0) | 0x20 | (flexible ? 0x10 : 0) | (start ? 8 : 0) | (end ? 4 : 0) | (structure ? 2 : 0) | (needed ? 0 : 1));
        bool up = frame.Temporal > 0 && !(frame.Temporal == 2 && (frame.Picture - _frameBase) % 4 == 3);
        byte layers = (byte)((frame.Temporal << 5) | (up ? 0x10 : 0) | (frame.Spatial << 1) | (interLayer ? 1 : 0));
        List<byte> bytes = [head, .. PictureId(frame), layers];
        if (!flexible)
        {
            bytes.Add(_tl0);
        }
        else if (inter)
        {
            bytes.AddRange(back.Select((pictures, i) => (byte)((pictures << 1) | (i < back.Length - 1 ? 1 : 0))));
        }

        if (structure)
        {
            bytes.Add((byte)(((picture.Count - 1) << 5) | (flexible ? 0 : 8)));
            bytes.AddRange(flexible ? [] : Groups[mode.Temporal - 1]);
        }

        return [.. bytes];
    }

    private int Pictures(EncodedFrame frame, int reference) => (frame.Id - reference) / _framesPerPicture;

    private int _framesPerPicture => mode.Spatial;

    private byte[] Av1(EncodedFrame frame, bool start, bool end)
    {
        bool layered = signal == LayerSignal.Payload;
        byte head = (byte)((start ? 0 : 0x80) | (end ? 0 : 0x40) | 0x10 | (start && frame.IsKey ? 8 : 0));
        byte[] obu = !start ? [] : layered ? [0x34, (byte)((frame.Temporal << 5) | (frame.Spatial << 3))] : [0x30];
        return [head, .. obu];
    }

    private byte[] PictureId(EncodedFrame frame)
    {
        int id = frame.Picture + NumberOffset;
        return ShortPictureIds ? [(byte)(id & 0x7F)] : [(byte)(0x80 | ((id >> 8) & 0x7F)), (byte)id];
    }

    private byte[] Truth(EncodedFrame frame, int index, int count)
    {
        byte[] truth = new byte[12 + (4 * frame.References.Length)];
        BinaryPrimitives.WriteInt32BigEndian(truth, (encoding << 24) | frame.Id);
        (truth[4], truth[5], truth[6], truth[7], truth[8]) = ((byte)index, (byte)count, (byte)frame.Spatial, (byte)frame.Temporal, (byte)frame.References.Length);
        for (int i = 0; i < frame.References.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(truth.AsSpan(9 + (4 * i)), (encoding << 24) | frame.References[i]);
        }

        (truth[^3], truth[^2], truth[^1]) = ((byte)frame.Picture, (byte)truth.Length, TruthMagic);
        return truth;
    }
}
