using System.Buffers.Binary;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Rtcp;

/// <summary>Writes transport-wide feedback from arrival times; the counterpart of <see cref="TransportFeedback"/>.</summary>
public static class TransportFeedbackWriter
{
    /// <summary>
    /// Appends feedback about consecutive packets and returns how many it covers: fewer than given when the span is full
    /// or an arrival is more than 8 s from the one before, 0 when nothing can be said. The caller goes on from there.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="sender">Who reports.</param>
    /// <param name="media">Some source of the transport.</param>
    /// <param name="feedbackCount">Number of this feedback packet.</param>
    /// <param name="baseSequence">The transport-wide number of <paramref name="arrivals"/>[0].</param>
    /// <param name="arrivals">When each packet arrived; <see cref="Instant.Never"/> for one that did not.</param>
    public static int TryWrite(ref RtcpWriter writer, Ssrc sender, Ssrc media, byte feedbackCount, SequenceNumber baseSequence, scoped ReadOnlySpan<Instant> arrivals)
    {
        arrivals = arrivals[..Math.Min(arrivals.Length, TransportFeedback.MaxStatusCount)];
        int first = arrivals.IndexOfAnyExcept(Instant.Never);
        if (first < 0)
        {
            return 0;
        }

        long reference = arrivals[first].Ticks / TransportFeedbackStatus.ReferenceTicks;
        Plan plan = new(arrivals, reference * TransportFeedbackStatus.ReferenceTicks / TransportFeedbackStatus.DeltaTicks);
        int room = Math.Min(writer.Free - RtcpPacket.HeaderLength - TransportFeedback.FixedLength, ushort.MaxValue * 2) & ~3;
        int covered = plan.Run(room, default, out int chunkBytes, out int deltaBytes);
        int bodyLength = TransportFeedback.FixedLength + ((chunkBytes + deltaBytes + 3) & ~3);
        if (covered <= first || !writer.TryBegin(RtcpType.TransportLayerFeedback, TransportFeedback.Format, bodyLength, out Span<byte> body))
        {
            return 0;
        }

        FeedbackHeader.Write(body, sender, media);
        BinaryPrimitives.WriteUInt16BigEndian(body[8..], baseSequence.Value);
        BinaryPrimitives.WriteUInt16BigEndian(body[10..], (ushort)covered);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], ((uint)reference << 8) | feedbackCount);
        plan.Run(room, body[TransportFeedback.FixedLength..], out _, out _);
        WriteDeltas(body[(TransportFeedback.FixedLength + chunkBytes)..], plan, covered);
        return covered;
    }

    private static void WriteDeltas(Span<byte> into, in Plan plan, int covered)
    {
        long last = plan.Base;
        for (int i = 0; i < covered; i++)
        {
            StatusSymbol symbol = plan.Classify(i, ref last, out long delta);
            if (symbol == StatusSymbol.SmallDelta)
            {
                into[0] = (byte)delta;
            }
            else if (symbol == StatusSymbol.LargeDelta)
            {
                BinaryPrimitives.WriteInt16BigEndian(into, (short)delta);
            }

            into = into[StatusChunk.Bytes(symbol)..];
        }
    }

    /// <summary>Cuts the arrivals into chunks; run once to measure and once to write.</summary>
    private readonly ref struct Plan(ReadOnlySpan<Instant> arrivals, long baseUnits)
    {
        private readonly ReadOnlySpan<Instant> _arrivals = arrivals;

        public long Base { get; } = baseUnits;

        public int Run(int room, Span<byte> chunks, out int chunkBytes, out int deltaBytes)
        {
            chunkBytes = 0;
            deltaBytes = 0;
            int covered = 0;
            long last = Base;
            while (covered < _arrivals.Length)
            {
                StatusChunk chunk = Next(covered, last, out int taken);
                int bytes = taken == 0 ? 0 : chunk.DeltaBytes(taken);
                if (taken == 0 || chunkBytes + deltaBytes + 2 + bytes > room)
                {
                    break;
                }

                if (!chunks.IsEmpty)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(chunks[chunkBytes..], chunk.Value);
                }

                chunkBytes += 2;
                deltaBytes += bytes;
                for (int end = covered + taken; covered < end; covered++)
                {
                    Classify(covered, ref last, out _);
                }
            }

            return covered;
        }

        public StatusSymbol Classify(int index, ref long last, out long delta)
        {
            delta = 0;
            if (_arrivals[index].IsNever)
            {
                return StatusSymbol.NotReceived;
            }

            long units = _arrivals[index].Ticks / TransportFeedbackStatus.DeltaTicks;
            delta = units - last;
            last = units;
            return delta is >= 0 and <= 255
                ? StatusSymbol.SmallDelta
                : delta is >= short.MinValue and <= short.MaxValue ? StatusSymbol.LargeDelta : StatusSymbol.Reserved;
        }

        // The longest of: a run, fourteen one-bit symbols, seven two-bit symbols.
        private StatusChunk Next(int from, long last, out int taken)
        {
            Span<StatusSymbol> symbols = stackalloc StatusSymbol[StatusChunk.OneBitCount];
            int count = 0;
            long cursor = last;
            while (count < symbols.Length && from + count < _arrivals.Length
                && Classify(from + count, ref cursor, out _) is not StatusSymbol.Reserved and var symbol)
            {
                symbols[count++] = symbol;
            }

            if (count == 0)
            {
                taken = 0;
                return default;
            }

            int run = symbols[1..count].IndexOfAnyExcept(symbols[0]);
            run = run >= 0 ? run + 1 : MeasureRun(from, last, symbols[0]);
            if (run >= StatusChunk.OneBitCount || run == count)
            {
                taken = run;
                return StatusChunk.Run(symbols[0], run);
            }

            if (symbols[..count].IndexOf(StatusSymbol.LargeDelta) < 0)
            {
                taken = count;
                return StatusChunk.OneBit(symbols[..count]);
            }

            taken = Math.Min(count, StatusChunk.TwoBitCount);
            return StatusChunk.TwoBit(symbols[..taken]);
        }

        private int MeasureRun(int from, long last, StatusSymbol symbol)
        {
            int run = 0;
            while (run < StatusChunk.MaxRun && from + run < _arrivals.Length && Classify(from + run, ref last, out _) == symbol)
            {
                run++;
            }

            return run;
        }
    }
}
