using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>One command of a FIR: the source that is to send a keyframe, and the number that tells a new command from a repeated one.</summary>
public readonly record struct FullIntraRequestEntry(Ssrc Ssrc, byte CommandSequence);

/// <summary>FIR: commands to send a keyframe (RFC 5104 §4.3.1). The media source of the feedback header is unused.</summary>
/// <remarks>
/// <code>
/// |                              SSRC                             |
/// | Seq nr.       |    reserved                                   |
/// </code>
/// </remarks>
public readonly ref struct FullIntraRequest
{
    /// <summary>The feedback format.</summary>
    public const byte Format = 4;

    private const int EntryLength = 8;

    private readonly ReadOnlySpan<byte> _entries;

    private FullIntraRequest(Ssrc sender, ReadOnlySpan<byte> entries)
    {
        SenderSsrc = sender;
        _entries = entries;
    }

    /// <summary>Who asks.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>How many commands there are, at least one.</summary>
    public int Count => _entries.Length / EntryLength;

    /// <summary>The command at <paramref name="index"/>.</summary>
    public FullIntraRequestEntry this[int index]
    {
        get
        {
            ReadOnlySpan<byte> entry = _entries.Slice(index * EntryLength, EntryLength);
            return new(new(BinaryPrimitives.ReadUInt32BigEndian(entry)), entry[4]);
        }
    }

    /// <summary>Parses a packet of kind <see cref="RtcpKind.FullIntraRequest"/>.</summary>
    public static bool TryParse(in RtcpPacket packet, out FullIntraRequest fir)
    {
        ReadOnlySpan<byte> body = packet.Body;
        int entries = body.Length - FeedbackHeader.Length;
        if (!FeedbackHeader.IsPresent(packet, RtcpType.PayloadSpecificFeedback, Format) || entries == 0 || entries % EntryLength != 0)
        {
            fir = default;
            return false;
        }

        fir = new FullIntraRequest(packet.SenderSsrc, body[FeedbackHeader.Length..]);
        return true;
    }

    /// <summary>Appends a FIR with one command; false when it does not fit.</summary>
    public static bool TryWrite(ref RtcpWriter writer, Ssrc sender, Ssrc media, byte commandSequence)
    {
        if (!writer.TryBegin(RtcpType.PayloadSpecificFeedback, Format, FeedbackHeader.Length + EntryLength, out Span<byte> body))
        {
            return false;
        }

        FeedbackHeader.Write(body, sender, Ssrc.None);
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], media.Value);
        body[12] = commandSequence;
        return true;
    }
}
