using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtp.Payload;

/// <summary>The VP8 payload descriptor (RFC 7741 §4.2).</summary>
/// <remarks>
/// <code>
///      |X|R|N|S|R| PID |
/// X:   |I|L|T|K|  RSV  |
/// I:   |M| PictureID   |   and 8 bits more when M is set
/// L:   |   TL0PICIDX   |
/// T/K: |TID|Y| KEYIDX  |
/// </code>
/// </remarks>
public readonly record struct Vp8Descriptor
{
    private const int PayloadHeaderLength = 3;
    private const int KeyFrameHeaderLength = 10;

    /// <summary>Bytes of the descriptor.</summary>
    public int Length { get; private init; }

    /// <summary>N: no other frame refers to this one.</summary>
    public bool IsNonReference { get; private init; }

    /// <summary>S: a partition begins with this packet.</summary>
    public bool IsStartOfPartition { get; private init; }

    /// <summary>PID: which partition.</summary>
    public byte PartitionIndex { get; private init; }

    /// <summary>I.</summary>
    public bool HasPictureId { get; private init; }

    /// <summary>M: the picture id has 15 bits and not 7.</summary>
    public bool IsPictureIdLong { get; private init; }

    /// <summary>The running number of the frame.</summary>
    public ushort PictureId { get; private init; }

    /// <summary>L.</summary>
    public bool HasTl0PictureIndex { get; private init; }

    /// <summary>The running number of base layer frames.</summary>
    public byte Tl0PictureIndex { get; private init; }

    /// <summary>T.</summary>
    public bool HasTemporalLayer { get; private init; }

    /// <summary>TID: the temporal layer, 0 to 3.</summary>
    public byte TemporalLayer { get; private init; }

    /// <summary>Y: the frame depends on the base layer only.</summary>
    public bool IsLayerSync { get; private init; }

    /// <summary>K.</summary>
    public bool HasKeyIndex { get; private init; }

    /// <summary>The temporal key frame index.</summary>
    public byte KeyIndex { get; private init; }

    /// <summary>True when a frame begins with this packet.</summary>
    public bool IsStartOfFrame => IsStartOfPartition && PartitionIndex == 0;

    /// <summary>Where the picture id stands in the payload.</summary>
    public int PictureIdOffset { get; private init; }

    /// <summary>Where TL0PICIDX stands in the payload.</summary>
    public int Tl0Offset { get; private init; }

    /// <summary>Reads a descriptor; false when it is cut short or nothing follows it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor)
    {
        descriptor = default;
        if (payload.Length < 2)
        {
            return false;
        }

        byte first = payload[0];
        bool extended = (first & 0x80) != 0;
        byte bits = extended ? payload[1] : (byte)0;
        int at = extended ? 2 : 1;
        ushort pictureId = 0;
        bool isLong = false;
        int pictureIdOffset = at;
        if ((bits & 0x80) != 0 && !Payload.PictureId.TryRead(payload, ref at, out pictureId, out isLong))
        {
            return false;
        }

        int tl0Offset = at;
        bool hasTl0 = (bits & 0x40) != 0;
        bool hasLayerOrKey = (bits & 0x30) != 0;
        at += (hasTl0 ? 1 : 0) + (hasLayerOrKey ? 1 : 0);
        if (at >= payload.Length)
        {
            return false;
        }

        byte layer = hasLayerOrKey ? payload[at - 1] : (byte)0;
        descriptor = new Vp8Descriptor
        {
            Length = at,
            IsNonReference = (first & 0x20) != 0,
            IsStartOfPartition = (first & 0x10) != 0,
            PartitionIndex = (byte)(first & 7),
            HasPictureId = (bits & 0x80) != 0,
            IsPictureIdLong = isLong,
            PictureId = pictureId,
            PictureIdOffset = pictureIdOffset,
            HasTl0PictureIndex = hasTl0,
            Tl0PictureIndex = hasTl0 ? payload[tl0Offset] : (byte)0,
            Tl0Offset = tl0Offset,
            HasTemporalLayer = (bits & 0x20) != 0,
            TemporalLayer = (bits & 0x20) != 0 ? (byte)(layer >> 6) : (byte)0,
            IsLayerSync = (bits & 0x20) != 0 && (layer & 0x20) != 0,
            HasKeyIndex = (bits & 0x10) != 0,
            KeyIndex = (bits & 0x10) != 0 ? (byte)(layer & 0x1F) : (byte)0,
        };
        return true;
    }

    /// <summary>Bytes of a descriptor, without a look at what is in it; false when it is cut short or nothing follows it.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> payload, out int length)
    {
        length = 1;
        if (payload.Length < 2)
        {
            return false;
        }

        if ((payload[0] & 0x80) != 0)
        {
            byte bits = payload[1];
            int pictureId = (bits & 0x80) == 0 ? 0 : payload.Length > 2 && (payload[2] & 0x80) != 0 ? 2 : 1;
            length = 2 + pictureId + ((bits >> 6) & 1) + ((bits & 0x30) != 0 ? 1 : 0);
        }

        return length < payload.Length;
    }

    /// <summary>The facts of the packet that this descriptor was read from.</summary>
    public PayloadFacts GetFacts(ReadOnlySpan<byte> payload, bool marker)
    {
        bool key = IsKeyFrame(payload);
        PayloadFlags flags = PayloadFacts.When(key, PayloadFlags.KeyFrame | PayloadFlags.SwitchingPoint)
            | PayloadFacts.When(IsStartOfFrame, PayloadFlags.StartOfFrame)
            | PayloadFacts.When(marker, PayloadFlags.EndOfFrame)
            | PayloadFacts.When(IsNonReference, PayloadFlags.Discardable)
            | PayloadFacts.When(IsLayerSync, PayloadFlags.SwitchingPoint);
        (ushort width, ushort height) = key ? ReadSize(payload[Length..]) : default;
        return new PayloadFacts(flags, 0, TemporalLayer, width, height);
    }

    /// <summary>True when a keyframe begins with this packet (RFC 7741 §4.3: P is zero).</summary>
    public bool IsKeyFrame(ReadOnlySpan<byte> payload) =>
        IsStartOfFrame && payload.Length >= Length + PayloadHeaderLength && (payload[Length] & 1) == 0;

    /// <summary>Writes other running numbers over those of the payload, each in the width that is there; absent fields stay absent.</summary>
    /// <param name="payload">The payload this descriptor was read from, or a copy.</param>
    /// <param name="pictureId">Cut to 7 bits where there is no room for 15.</param>
    /// <param name="tl0PictureIndex">The running number of base layer frames.</param>
    public void Overwrite(Span<byte> payload, ushort pictureId, byte tl0PictureIndex)
    {
        if (IsPictureIdLong)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload[PictureIdOffset..], (ushort)(0x8000 | pictureId));
        }
        else if (HasPictureId)
        {
            payload[PictureIdOffset] = (byte)(pictureId & 0x7F);
        }

        if (HasTl0PictureIndex)
        {
            payload[Tl0Offset] = tl0PictureIndex;
        }
    }

    // RFC 6386 §9.1: three bytes of tag, the start code, then fourteen bits each, little endian, with scaling above.
    private static (ushort Width, ushort Height) ReadSize(ReadOnlySpan<byte> frame) =>
        frame.Length < KeyFrameHeaderLength || !frame[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])
            ? default
            : ((ushort)(BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]) & 0x3FFF), (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(frame[8..]) & 0x3FFF));
}
