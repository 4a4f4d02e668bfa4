using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtp;

/// <summary>
/// Retransmission payload (RFC 4588 §4): the original sequence number (OSN) before the original payload.
/// </summary>
/// <remarks>
/// <code>
/// | RTP header (RTX SSRC, PT, sequence) | OSN (16 bits) | original payload |
/// </code>
/// </remarks>
public static class RtxPacket
{
    /// <summary>Bytes of the OSN.</summary>
    public const int OriginalSequenceNumberLength = 2;

    /// <summary>Writes the OSN.</summary>
    public static void WriteOriginalSequenceNumber(Span<byte> into, SequenceNumber original) =>
        BinaryPrimitives.WriteUInt16BigEndian(into, original.Value);

    /// <summary>Reads the OSN; false for a padding-only packet or one that is too short to carry it.</summary>
    public static bool TryRead(in RtpPacket rtx, out SequenceNumber original, out ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> whole = rtx.Payload;
        if (whole.Length < OriginalSequenceNumberLength)
        {
            original = default;
            payload = default;
            return false;
        }

        original = new(BinaryPrimitives.ReadUInt16BigEndian(whole));
        payload = whole[OriginalSequenceNumberLength..];
        return true;
    }

    /// <summary>
    /// Turns a retransmission into the original packet in place. The header, the smaller part, moves up over the OSN:
    /// the original is <paramref name="packet"/>[2..]. Padding stays. False when there is no OSN.
    /// </summary>
    /// <param name="packet">Plaintext bytes that parse as RTP.</param>
    /// <param name="ssrc">The SSRC of the original stream.</param>
    /// <param name="payloadType">The payload type of the original stream (<c>apt</c>).</param>
    /// <param name="original">The original packet's sequence number.</param>
    public static bool TryUnwrapInPlace(Span<byte> packet, Ssrc ssrc, PayloadType payloadType, out SequenceNumber original)
    {
        if (!RtpPacket.TryParse(packet, out RtpPacket rtx) || !TryRead(rtx, out original, out _))
        {
            original = default;
            return false;
        }

        RtpHeaderFields fields = new(payloadType, rtx.Marker, original, rtx.Timestamp, ssrc);
        packet[..rtx.HeaderLength].CopyTo(packet[OriginalSequenceNumberLength..]);
        RtpHeaderWriter.Overwrite(packet[OriginalSequenceNumberLength..], fields);
        return true;
    }

    /// <summary>
    /// Writes the retransmission of a packet: its header with other SSRC, payload type and sequence number, the OSN, its payload.
    /// Padding is not retransmitted. Returns the length, or 0 when it does not fit.
    /// </summary>
    public static int Wrap(in RtpPacket original, Ssrc ssrc, PayloadType payloadType, SequenceNumber sequence, Span<byte> into)
    {
        int length = original.HeaderLength + OriginalSequenceNumberLength + original.Payload.Length;
        if (length > into.Length)
        {
            return 0;
        }

        original.Header.CopyTo(into);
        into[0] &= 0xDF;
        RtpHeaderWriter.Overwrite(into, new RtpHeaderFields(payloadType, original.Marker, sequence, original.Timestamp, ssrc));
        WriteOriginalSequenceNumber(into[original.HeaderLength..], original.SequenceNumber);
        original.Payload.CopyTo(into[(original.HeaderLength + OriginalSequenceNumberLength)..]);
        return length;
    }
}
