using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtp.Payload;

/// <summary>The VP9 payload descriptor (RFC 9628 §4.2).</summary>
/// <remarks>
/// <code>
///      |I|P|L|F|B|E|V|Z|
/// I:   |M| PictureID   |   and 8 bits more when M is set
/// L:   | TID |U| SID |D|   and |   TL0PICIDX   | when F is not set
/// P,F: |   P_DIFF    |N|   up to three times
/// V:   | N_S |Y|G| RSV |   sizes (Y), picture group (G)
/// </code>
/// </remarks>
public readonly record struct Vp9Descriptor
{
    private const int MaxReferences = 3;

    /// <summary>Bytes of the descriptor.</summary>
    public int Length { get; private init; }

    /// <summary>P: the frame refers to earlier pictures.</summary>
    public bool IsInterPicture { get; private init; }

    /// <summary>F: references are told in each packet.</summary>
    public bool IsFlexible { get; private init; }

    /// <summary>B.</summary>
    public bool IsStartOfFrame { get; private init; }

    /// <summary>E.</summary>
    public bool IsEndOfFrame { get; private init; }

    /// <summary>Z: no frame of a higher spatial layer refers to this one.</summary>
    public bool IsNotReferenceForUpper { get; private init; }

    /// <summary>I.</summary>
    public bool HasPictureId { get; private init; }

    /// <summary>M: the picture id has 15 bits and not 7.</summary>
    public bool IsPictureIdLong { get; private init; }

    /// <summary>The running number of the picture.</summary>
    public ushort PictureId { get; private init; }

    /// <summary>L.</summary>
    public bool HasLayers { get; private init; }

    /// <summary>TID, 0 to 7.</summary>
    public byte TemporalLayer { get; private init; }

    /// <summary>SID, 0 to 7.</summary>
    public byte SpatialLayer { get; private init; }

    /// <summary>U: from here one may go up to this temporal layer.</summary>
    public bool IsSwitchingUp { get; private init; }

    /// <summary>D: the frame refers to the next lower spatial layer of its picture.</summary>
    public bool IsInterLayer { get; private init; }

    /// <summary>The running number of base layer pictures; meaningful with layers in non-flexible mode.</summary>
    public byte Tl0PictureIndex { get; private init; }

    /// <summary>Pictures that the frame refers to, 0 to 3, as told in flexible mode.</summary>
    public byte ReferenceCount { get; private init; }

    /// <summary>Where the picture group of the structure begins in the payload; 0 without one. For <see cref="Vp9PictureGroup"/>.</summary>
    public ushort PictureGroupOffset { get; private init; }

    /// <summary>V: a scalability structure is in this packet.</summary>
    public bool HasScalabilityStructure { get; private init; }

    /// <summary>Spatial layers of the structure, 1 to 8; 0 without one.</summary>
    public byte SpatialLayerCount { get; private init; }

    /// <summary>Width of the highest layer in the structure; 0 when it is not told.</summary>
    public ushort Width { get; private init; }

    /// <summary>Height of the highest layer in the structure; 0 when it is not told.</summary>
    public ushort Height { get; private init; }

    private uint References { get; init; }

    /// <summary>How many picture numbers back a reference lies, 1 to 127.</summary>
    /// <param name="index">Below <see cref="ReferenceCount"/>.</param>
    public byte GetReference(int index) => (byte)(References >> (8 * index));

    /// <summary>Where the running number of base layer pictures stands in the payload; 0 when there is none.</summary>
    public int Tl0Offset => !HasLayers || IsFlexible ? 0 : 2 + (HasPictureId ? 1 : 0) + (IsPictureIdLong ? 1 : 0);

    /// <summary>True when a keyframe begins with this packet: nothing earlier and nothing lower is referred to.</summary>
    public bool IsKeyFrame => !IsInterPicture && IsStartOfFrame && SpatialLayer == 0 && !IsInterLayer;

    /// <summary>Reads a descriptor; false when it is cut short, contradicts itself or nothing follows it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Vp9Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        byte first = payload[0];
        Vp9Descriptor read = new()
        {
            HasPictureId = (first & 0x80) != 0,
            IsInterPicture = (first & 0x40) != 0,
            HasLayers = (first & 0x20) != 0,
            IsFlexible = (first & 0x10) != 0,
            IsStartOfFrame = (first & 0x08) != 0,
            IsEndOfFrame = (first & 0x04) != 0,
            HasScalabilityStructure = (first & 0x02) != 0,
            IsNotReferenceForUpper = (first & 0x01) != 0,
        };
        int at = 1;

        // §4.2: flexible mode needs picture ids to count its references from.
        bool sound = !(read.IsFlexible && !read.HasPictureId)
            && TryReadPictureId(payload, ref at, ref read)
            && TryReadLayers(payload, ref at, ref read)
            && TryReadReferences(payload, ref at, ref read)
            && TryReadStructure(payload, ref at, ref read)
            && at < payload.Length;
        descriptor = sound ? read with { Length = at } : default;
        return sound;
    }

    /// <summary>The facts of the packet that this descriptor was read from.</summary>
    public PayloadFacts GetFacts()
    {
        PayloadFlags flags = PayloadFacts.When(IsKeyFrame, PayloadFlags.KeyFrame | PayloadFlags.SwitchingPoint)
            | PayloadFacts.When(IsStartOfFrame, PayloadFlags.StartOfFrame)
            | PayloadFacts.When(IsEndOfFrame, PayloadFlags.EndOfFrame)
            | PayloadFacts.When(IsSwitchingUp, PayloadFlags.SwitchingPoint);
        return new PayloadFacts(flags, SpatialLayer, TemporalLayer, Width, Height);
    }

    private static bool TryReadPictureId(ReadOnlySpan<byte> payload, ref int at, ref Vp9Descriptor read)
    {
        if (!read.HasPictureId)
        {
            return true;
        }

        bool sound = Payload.PictureId.TryRead(payload, ref at, out ushort id, out bool isLong);
        read = read with { PictureId = id, IsPictureIdLong = isLong };
        return sound;
    }

    private static bool TryReadLayers(ReadOnlySpan<byte> payload, ref int at, ref Vp9Descriptor read)
    {
        if (!read.HasLayers)
        {
            return true;
        }

        int length = read.IsFlexible ? 1 : 2;
        if (at + length > payload.Length)
        {
            return false;
        }

        byte layers = payload[at];
        read = read with
        {
            TemporalLayer = (byte)(layers >> 5),
            IsSwitchingUp = (layers & 0x10) != 0,
            SpatialLayer = (byte)((layers >> 1) & 7),
            IsInterLayer = (layers & 1) != 0,
            Tl0PictureIndex = length == 2 ? payload[at + 1] : (byte)0,
        };
        at += length;
        return true;
    }

    private static bool TryReadReferences(ReadOnlySpan<byte> payload, ref int at, ref Vp9Descriptor read)
    {
        if (!read.IsFlexible || !read.IsInterPicture)
        {
            return true;
        }

        for (int i = 0; i < MaxReferences; i++)
        {
            if (at >= payload.Length)
            {
                return false;
            }

            byte reference = payload[at++];
            read = read with { ReferenceCount = (byte)(i + 1), References = read.References | ((uint)(reference >> 1) << (8 * i)) };
            if ((reference & 1) == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryReadStructure(ReadOnlySpan<byte> payload, ref int at, ref Vp9Descriptor read)
    {
        if (!read.HasScalabilityStructure)
        {
            return true;
        }

        if (at >= payload.Length)
        {
            return false;
        }

        byte head = payload[at++];
        int layers = (head >> 5) + 1;
        read = read with { SpatialLayerCount = (byte)layers };
        if ((head & 0x10) != 0)
        {
            if (at + (layers * 4) > payload.Length)
            {
                return false;
            }

            at += layers * 4;
            read = read with
            {
                Width = BinaryPrimitives.ReadUInt16BigEndian(payload[(at - 4)..]),
                Height = BinaryPrimitives.ReadUInt16BigEndian(payload[(at - 2)..]),
            };
        }

        if ((head & 0x08) == 0)
        {
            return true;
        }

        read = read with { PictureGroupOffset = (ushort)at };
        return TrySkipPictureGroup(payload, ref at);
    }

    private static bool TrySkipPictureGroup(ReadOnlySpan<byte> payload, ref int at)
    {
        if (at >= payload.Length)
        {
            return false;
        }

        for (int pictures = payload[at++]; pictures > 0; pictures--)
        {
            if (at >= payload.Length)
            {
                return false;
            }

            at += 1 + ((payload[at] >> 2) & 3);
        }

        return at <= payload.Length;
    }
}
