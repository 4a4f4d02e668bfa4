using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>One word of a generic NACK: a lost packet and a bitmap of those lost among the sixteen that follow it.</summary>
/// <param name="PacketId">PID.</param>
/// <param name="Bitmap">BLP: bit 0 is PID + 1, bit 15 is PID + 16.</param>
public readonly record struct NackPair(SequenceNumber PacketId, ushort Bitmap);

/// <summary>Generic NACK: packets that a receiver misses (RFC 4585 §6.2.1).</summary>
/// <remarks>
/// <code>
/// |            PID                |             BLP               |  × n
/// </code>
/// </remarks>
public readonly ref struct GenericNack
{
    /// <summary>The feedback format.</summary>
    public const byte Format = 1;

    private const int PairLength = 4;

    private readonly ReadOnlySpan<byte> _pairs;

    private GenericNack(Ssrc sender, Ssrc media, ReadOnlySpan<byte> pairs)
    {
        SenderSsrc = sender;
        MediaSsrc = media;
        _pairs = pairs;
    }

    /// <summary>Who misses them.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>Whose packets they are.</summary>
    public Ssrc MediaSsrc { get; }

    /// <summary>How many words there are, at least one.</summary>
    public int PairCount => _pairs.Length / PairLength;

    /// <summary>The word at <paramref name="index"/>.</summary>
    public NackPair GetPair(int index)
    {
        ReadOnlySpan<byte> pair = _pairs.Slice(index * PairLength, PairLength);
        return new(new(BinaryPrimitives.ReadUInt16BigEndian(pair)), BinaryPrimitives.ReadUInt16BigEndian(pair[2..]));
    }

    /// <summary>Iterates the sequence numbers, 1 to 17 per word.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Parses a packet of kind <see cref="RtcpKind.GenericNack"/>.</summary>
    public static bool TryParse(in RtcpPacket packet, out GenericNack nack)
    {
        if (!FeedbackHeader.IsPresent(packet, RtcpType.TransportLayerFeedback, Format) || packet.Body.Length < FeedbackHeader.Length + PairLength)
        {
            nack = default;
            return false;
        }

        nack = new GenericNack(packet.SenderSsrc, FeedbackHeader.MediaSsrc(packet.Body), packet.Body[FeedbackHeader.Length..]);
        return true;
    }

    /// <summary>
    /// Appends a NACK for as many of the numbers as fit, which must ascend on the circle; returns how many it took, 0 when none fits.
    /// </summary>
    public static int TryWrite(ref RtcpWriter writer, Ssrc sender, Ssrc media, scoped ReadOnlySpan<SequenceNumber> missing)
    {
        int room = (writer.Free - RtcpPacket.HeaderLength - FeedbackHeader.Length) / PairLength;
        (int pairs, int taken) = Measure(missing, room);
        if (pairs == 0 || !writer.TryBegin(RtcpType.TransportLayerFeedback, Format, FeedbackHeader.Length + (pairs * PairLength), out Span<byte> body))
        {
            return 0;
        }

        FeedbackHeader.Write(body, sender, media);
        ReadOnlySpan<SequenceNumber> rest = missing[..taken];
        for (Span<byte> at = body[FeedbackHeader.Length..]; !at.IsEmpty; at = at[PairLength..])
        {
            int covered = Pack(rest, out NackPair pair);
            BinaryPrimitives.WriteUInt16BigEndian(at, pair.PacketId.Value);
            BinaryPrimitives.WriteUInt16BigEndian(at[2..], pair.Bitmap);
            rest = rest[covered..];
        }

        return taken;
    }

    private static (int Pairs, int Taken) Measure(ReadOnlySpan<SequenceNumber> missing, int room)
    {
        int pairs = 0;
        int taken = 0;
        while (pairs < room && taken < missing.Length)
        {
            taken += Pack(missing[taken..], out _);
            pairs++;
        }

        return (pairs, taken);
    }

    private static int Pack(ReadOnlySpan<SequenceNumber> missing, out NackPair pair)
    {
        int bitmap = 0;
        int covered = 1;
        while (covered < missing.Length && SequenceNumber.Distance(missing[0], missing[covered]) is >= 1 and <= 16 and int distance)
        {
            bitmap |= 1 << (distance - 1);
            covered++;
        }

        pair = new NackPair(missing[0], (ushort)bitmap);
        return covered;
    }

    /// <summary>Walks the sequence numbers word by word.</summary>
    public ref struct Enumerator
    {
        private readonly GenericNack _nack;
        private int _next;
        private SequenceNumber _base;
        private uint _bits;

        internal Enumerator(GenericNack nack) => _nack = nack;

        /// <summary>The number just reached.</summary>
        public SequenceNumber Current { get; private set; }

        /// <summary>Moves on; false at the end.</summary>
        public bool MoveNext()
        {
            if (_bits == 0)
            {
                if (_next == _nack.PairCount)
                {
                    return false;
                }

                NackPair pair = _nack.GetPair(_next++);
                _base = pair.PacketId;
                _bits = ((uint)pair.Bitmap << 1) | 1;
            }

            Current = _base + System.Numerics.BitOperations.TrailingZeroCount(_bits);
            _bits &= _bits - 1;
            return true;
        }
    }
}
