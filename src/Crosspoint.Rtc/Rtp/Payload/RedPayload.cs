using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtp.Payload;

/// <summary>
/// Redundant audio (RFC 2198 §3): older packets again, then the present one. <c>audio/red</c> with Opus in every block is what Chromium
/// sends. Only the headers are read; nothing is decoded.
/// </summary>
/// <remarks>
/// <code>
/// |1|  block PT   |  timestamp offset (14)    | block length (10) |   for each redundant block, oldest first
/// |0|  block PT   |                                                 the primary block
/// | redundant data … | primary data, all that is left             |
/// </code>
/// </remarks>
public readonly ref struct RedPayload
{
    /// <summary>Redundant blocks that are read at most; Chromium sends up to nine.</summary>
    public const int MaxRedundancy = 16;

    /// <summary>Bytes of the longest headers that are read.</summary>
    public const int MaxHeadersLength = (MaxRedundancy * RedundantHeaderLength) + 1;

    private const int RedundantHeaderLength = 4;

    private readonly ReadOnlySpan<byte> _payload;
    private readonly int _primaryOffset;

    private RedPayload(ReadOnlySpan<byte> payload, int redundancy, int primaryOffset)
    {
        _payload = payload;
        _primaryOffset = primaryOffset;
        Redundancy = redundancy;
    }

    /// <summary>How many redundant blocks stand before the primary one.</summary>
    public int Redundancy { get; }

    /// <summary>Bytes of all headers.</summary>
    public int HeadersLength => (Redundancy * RedundantHeaderLength) + 1;

    /// <summary>The payload type of the primary block.</summary>
    public PayloadType PrimaryType => new((byte)(_payload[HeadersLength - 1] & 0x7F));

    /// <summary>The primary block: what would be the payload without redundancy; never empty.</summary>
    public ReadOnlySpan<byte> Primary => _payload[_primaryOffset..];

    /// <summary>What follows the headers: all blocks.</summary>
    public ReadOnlySpan<byte> Blocks => _payload[HeadersLength..];

    /// <summary>Reads the headers of a payload; false when they run over its end, are too many, or leave no primary block.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out RedPayload red)
    {
        red = default;
        int redundancy = 0;
        int data = 0;
        ReadOnlySpan<byte> rest = payload;
        while (!rest.IsEmpty && (rest[0] & 0x80) != 0)
        {
            if (rest.Length < RedundantHeaderLength || redundancy == MaxRedundancy)
            {
                return false;
            }

            data += BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) & 0x3FF;
            rest = rest[RedundantHeaderLength..];
            redundancy++;
        }

        // One byte of header, then what the redundant blocks take, then at least a byte of the primary.
        if (rest.Length < 1 + data + 1)
        {
            return false;
        }

        red = new RedPayload(payload, redundancy, payload.Length - rest.Length + 1 + data);
        return true;
    }

    /// <summary>True when every block has this payload type.</summary>
    public bool IsAll(PayloadType type)
    {
        for (int i = 0; i < Redundancy; i++)
        {
            if ((_payload[i * RedundantHeaderLength] & 0x7F) != type.Value)
            {
                return false;
            }
        }

        return PrimaryType == type;
    }

    /// <summary>Writes the headers with another payload type for every block; returns <see cref="HeadersLength"/>.</summary>
    /// <exception cref="ArgumentException">There is no room.</exception>
    public int WriteHeaders(PayloadType type, Span<byte> into)
    {
        _payload[..HeadersLength].CopyTo(into);
        for (int i = 0; i < Redundancy; i++)
        {
            into[i * RedundantHeaderLength] = (byte)(0x80 | type.Value);
        }

        into[HeadersLength - 1] = type.Value;
        return HeadersLength;
    }
}
