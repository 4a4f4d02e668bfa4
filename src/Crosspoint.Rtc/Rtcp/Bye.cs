using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>BYE: sources that leave (RFC 3550 §6.6), with an optional reason.</summary>
/// <remarks>
/// <code>
/// |                       SSRC/CSRC × SC                          |
/// |     length    |               reason for leaving            …
/// </code>
/// </remarks>
public readonly ref struct Bye
{
    private readonly ReadOnlySpan<byte> _sources;

    private Bye(ReadOnlySpan<byte> sources, ReadOnlySpan<byte> reason)
    {
        _sources = sources;
        Reason = reason;
    }

    /// <summary>How many sources leave, 0 to 31.</summary>
    public int Count => _sources.Length / 4;

    /// <summary>Why, as UTF-8 bytes of the peer's making; may be empty.</summary>
    public ReadOnlySpan<byte> Reason { get; }

    /// <summary>The source at <paramref name="index"/>.</summary>
    public Ssrc this[int index] => new(BinaryPrimitives.ReadUInt32BigEndian(_sources.Slice(index * 4, 4)));

    /// <summary>Parses a packet of kind <see cref="RtcpKind.Bye"/>.</summary>
    public static bool TryParse(in RtcpPacket packet, out Bye bye)
    {
        ReadOnlySpan<byte> body = packet.Body;
        int sources = packet.Count * 4;
        bye = default;
        if (packet.Type != RtcpType.Bye || body.Length < sources)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = body[sources..];
        if (!rest.IsEmpty && rest.Length < 1 + rest[0])
        {
            return false;
        }

        bye = new Bye(body[..sources], rest.IsEmpty ? default : rest.Slice(1, rest[0]));
        return true;
    }

    /// <summary>Appends a BYE; false when it does not fit. At most 31 sources and 255 bytes of reason.</summary>
    public static bool TryWrite(ref RtcpWriter writer, scoped ReadOnlySpan<Ssrc> sources, scoped ReadOnlySpan<byte> reason = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, 255, nameof(reason));
        int reasonLength = reason.IsEmpty ? 0 : (1 + reason.Length + 3) & ~3;
        if (!writer.TryBegin(RtcpType.Bye, sources.Length, (sources.Length * 4) + reasonLength, out Span<byte> body))
        {
            return false;
        }

        for (int i = 0; i < sources.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(body[(i * 4)..], sources[i].Value);
        }

        if (!reason.IsEmpty)
        {
            body[sources.Length * 4] = (byte)reason.Length;
            reason.CopyTo(body[((sources.Length * 4) + 1)..]);
        }

        return true;
    }
}
