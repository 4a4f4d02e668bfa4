using System.Buffers.Binary;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Layers;

/// <summary>What is rewritten of the payload descriptors of VP8 and VP9: their running numbers, and where they stand.</summary>
/// <param name="PictureId">The running number of the picture.</param>
/// <param name="PictureIdAt">Where it stands in the payload; 0 when there is none.</param>
/// <param name="IsPictureIdLong">It has 15 bits and not 7.</param>
/// <param name="Tl0">TL0PICIDX: the running number of pictures of the lowest temporal layer.</param>
/// <param name="Tl0At">Where it stands in the payload; 0 when there is none.</param>
/// <param name="LayerAt">Where VP8's TID and Y stand in the payload; 0 when there are none.</param>
internal readonly record struct PictureFields(ushort PictureId, byte PictureIdAt, bool IsPictureIdLong, byte Tl0, byte Tl0At, byte LayerAt = 0)
{
    private const byte Y = 0x20;

    /// <summary>Bytes from the front of the payload to the end of the last.</summary>
    public int Length => Math.Max(PictureIdAt == 0 ? 0 : PictureIdAt + (IsPictureIdLong ? 2 : 1), Math.Max(Tl0At == 0 ? 0 : Tl0At + 1, LayerAt == 0 ? 0 : LayerAt + 1));

    /// <summary>The fields of a VP8 descriptor.</summary>
    public static PictureFields Of(in Vp8Descriptor descriptor) => new(
        descriptor.PictureId,
        descriptor.HasPictureId ? (byte)descriptor.PictureIdOffset : (byte)0,
        descriptor.IsPictureIdLong,
        descriptor.Tl0PictureIndex,
        descriptor.HasTl0PictureIndex ? (byte)descriptor.Tl0Offset : (byte)0,
        descriptor.HasTemporalLayer ? (byte)(descriptor.Length - 1) : (byte)0);

    /// <summary>The fields of a VP9 descriptor.</summary>
    public static PictureFields Of(in Vp9Descriptor descriptor) => new(
        descriptor.PictureId, descriptor.HasPictureId ? (byte)1 : (byte)0, descriptor.IsPictureIdLong, descriptor.Tl0PictureIndex, (byte)descriptor.Tl0Offset);

    /// <summary>The fields of a payload; none where the format has none.</summary>
    public static PictureFields Read(PayloadFormat format, ReadOnlySpan<byte> payload) => format switch
    {
        PayloadFormat.Vp8 when Vp8Descriptor.TryRead(payload, out Vp8Descriptor descriptor) => Of(descriptor),
        PayloadFormat.Vp9 when Vp9Descriptor.TryRead(payload, out Vp9Descriptor descriptor) => Of(descriptor),
        _ => default,
    };

    /// <summary>The front of a payload with other numbers, each in the width that was there; Y stays what it is.</summary>
    /// <param name="payload">The payload these fields were read from.</param>
    /// <param name="pictureId">Cut to 7 bits where there is no room for 15.</param>
    /// <param name="tl0">The running number of pictures of the lowest temporal layer.</param>
    /// <param name="into">At least <see cref="Length"/> bytes.</param>
    /// <returns>The bytes written, in place of as many of the payload.</returns>
    public int Write(ReadOnlySpan<byte> payload, ushort pictureId, byte tl0, Span<byte> into)
    {
        int length = Length;
        payload[..length].CopyTo(into);
        if (IsPictureIdLong)
        {
            BinaryPrimitives.WriteUInt16BigEndian(into[PictureIdAt..], (ushort)(0x8000 | pictureId));
        }
        else if (PictureIdAt != 0)
        {
            into[PictureIdAt] = (byte)(pictureId & 0x7F);
        }

        if (Tl0At != 0)
        {
            into[Tl0At] = tl0;
        }

        return length;
    }

    /// <summary>A payload as it is sent: what goes before it for this receiver alone, and what remains of it.</summary>
    /// <param name="payload">The payload these fields were read from.</param>
    /// <param name="sent">How it is sent.</param>
    /// <param name="prefix">At least <see cref="Length"/> bytes.</param>
    /// <param name="prefixLength">Bytes written to it.</param>
    public ReadOnlySpan<byte> Rewrite(ReadOnlySpan<byte> payload, in SentPacket sent, Span<byte> prefix, out int prefixLength)
    {
        prefixLength = 0;
        if (sent.Has(SentFlags.Empty))
        {
            return default;
        }

        if (sent.IsRewritten)
        {
            prefixLength = Write(payload, sent.PictureId, sent.Tl0, prefix);
            prefix[LayerAt] |= sent.Has(SentFlags.BaseOnly) ? Y : (byte)0;
        }

        return payload[prefixLength..];
    }
}
