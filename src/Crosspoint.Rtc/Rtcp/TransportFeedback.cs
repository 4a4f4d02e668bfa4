using System.Buffers.Binary;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>
/// Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1):
/// which packets of a transport arrived, and when. A parsed one can be walked without failing.
/// </summary>
/// <remarks>
/// <code>
/// |      base sequence number     |      packet status count      |
/// |                 reference time                | fb pkt. count |
/// |  chunk (16 bits) × n, then one delta per received packet: 8 bits, or 16 signed; then zeros
/// </code>
/// </remarks>
public readonly ref struct TransportFeedback
{
    /// <summary>The feedback format.</summary>
    public const byte Format = 15;

    /// <summary>
    /// The most statuses one packet may announce. Two bytes can claim 8191 packets as not received, so one datagram
    /// could otherwise make us walk millions; 8192 is a second at 8000 packets/s, and senders report every 50 to 250 ms.
    /// </summary>
    public const int MaxStatusCount = 8192;

    internal const int FixedLength = FeedbackHeader.Length + 8;

    private readonly ReadOnlySpan<byte> _chunks;
    private readonly ReadOnlySpan<byte> _deltas;

    private TransportFeedback(in RtcpPacket packet, ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> deltas)
    {
        ReadOnlySpan<byte> body = packet.Body;
        SenderSsrc = packet.SenderSsrc;
        MediaSsrc = FeedbackHeader.MediaSsrc(body);
        BaseSequence = new(BinaryPrimitives.ReadUInt16BigEndian(body[8..]));
        StatusCount = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        ReferenceTime = BinaryPrimitives.ReadInt32BigEndian(body[12..]) >> 8;
        FeedbackCount = body[15];
        _chunks = chunks;
        _deltas = deltas;
    }

    /// <summary>Who reports.</summary>
    public Ssrc SenderSsrc { get; }

    /// <summary>Some source of the transport; the report is about all of them.</summary>
    public Ssrc MediaSsrc { get; }

    /// <summary>The transport-wide number of the first packet reported.</summary>
    public SequenceNumber BaseSequence { get; }

    /// <summary>How many packets are reported, received or not.</summary>
    public int StatusCount { get; }

    /// <summary>Time base in units of 64 ms on the reporter's clock, 24 bits signed.</summary>
    public int ReferenceTime { get; }

    /// <summary>Number of this feedback packet, modulo 256.</summary>
    public byte FeedbackCount { get; }

    /// <summary>Iterates the packets reported.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Writes the statuses into a span and returns how many there were room for.</summary>
    public int CopyTo(Span<TransportFeedbackStatus> into)
    {
        int count = 0;
        foreach (TransportFeedbackStatus status in this)
        {
            if (count == into.Length)
            {
                break;
            }

            into[count++] = status;
        }

        return count;
    }

    /// <summary>Parses a packet of kind <see cref="RtcpKind.TransportFeedback"/>; checks that chunks and deltas are all there.</summary>
    public static bool TryParse(in RtcpPacket packet, out TransportFeedback feedback)
    {
        feedback = default;
        ReadOnlySpan<byte> body = packet.Body;
        if (!FeedbackHeader.IsPresent(packet, RtcpType.TransportLayerFeedback, Format) || body.Length < FixedLength)
        {
            return false;
        }

        int statuses = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        if (statuses is 0 or > MaxStatusCount || !TryMeasure(body[FixedLength..], statuses, out int chunks, out int deltas))
        {
            return false;
        }

        feedback = new TransportFeedback(packet, body.Slice(FixedLength, chunks), body.Slice(FixedLength + chunks, deltas));
        return true;
    }

    private static bool TryMeasure(ReadOnlySpan<byte> bytes, int statuses, out int chunkBytes, out int deltaBytes)
    {
        chunkBytes = 0;
        deltaBytes = 0;
        while (statuses > 0)
        {
            if (chunkBytes + 2 > bytes.Length)
            {
                return false;
            }

            StatusChunk chunk = new(BinaryPrimitives.ReadUInt16BigEndian(bytes[chunkBytes..]));
            chunkBytes += 2;
            int count = Math.Min(chunk.Count, statuses);
            deltaBytes += chunk.DeltaBytes(count);
            statuses -= count;
        }

        return chunkBytes + deltaBytes <= bytes.Length;
    }

    /// <summary>Walks the statuses; one pass over the chunks and one over the deltas, side by side.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _chunks;
        private ReadOnlySpan<byte> _deltas;
        private SequenceNumber _next;
        private int _left;
        private StatusChunk _chunk;
        private int _chunkIndex;
        private int _chunkLeft;
        private long _time;

        internal Enumerator(TransportFeedback feedback)
        {
            _chunks = feedback._chunks;
            _deltas = feedback._deltas;
            _next = feedback.BaseSequence;
            _left = feedback.StatusCount;
            _time = feedback.ReferenceTime * TransportFeedbackStatus.ReferenceTicks;
            Current = default;
        }

        /// <summary>The status just reached.</summary>
        public TransportFeedbackStatus Current { get; private set; }

        /// <summary>Moves on; false at the end.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            // A run of none is a chunk like any other, and says nothing.
            while (_chunkLeft == 0)
            {
                _chunk = new StatusChunk(BinaryPrimitives.ReadUInt16BigEndian(_chunks));
                _chunks = _chunks[2..];
                _chunkIndex = 0;
                _chunkLeft = _chunk.Count;
            }

            Current = Read(_chunk.SymbolAt(_chunkIndex));
            _chunkIndex++;
            _chunkLeft--;
            _left--;
            _next = _next.Next;
            return true;
        }

        private TransportFeedbackStatus Read(StatusSymbol symbol)
        {
            if (symbol is StatusSymbol.NotReceived or StatusSymbol.Reserved)
            {
                return new TransportFeedbackStatus(_next, false, default);
            }

            bool small = symbol == StatusSymbol.SmallDelta;
            int delta = small ? _deltas[0] : BinaryPrimitives.ReadInt16BigEndian(_deltas);
            _deltas = _deltas[(small ? 1 : 2)..];
            _time += delta * TransportFeedbackStatus.DeltaTicks;
            return new TransportFeedbackStatus(_next, true, new TimeSpan(_time));
        }
    }
}
