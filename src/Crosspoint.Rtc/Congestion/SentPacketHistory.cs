using System.Numerics;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>The packets sent lately, by transport-wide sequence number: what feedback is matched against.</summary>
/// <remarks>
/// One owner. A ring that begins small and doubles while packets are overwritten before feedback about them could come,
/// up to a bound; nothing is allocated per packet.
/// </remarks>
internal sealed class SentPacketHistory
{
    private const int FirstCapacity = 128;

    private readonly int _maxPackets;
    private readonly TimeSpan _maxAge;
    private SentPacket[] _ring = [];
    private long _reserved = 0x1_0000 - 1; // numbers start a cycle up, so that what comes before the first stays positive
    private long _reported;                // the newest number that feedback spoke of

    /// <param name="maxPackets">Packets remembered at most; rounded up to a power of two.</param>
    /// <param name="maxAge">How long a packet is remembered.</param>
    public SentPacketHistory(int maxPackets, TimeSpan maxAge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPackets, FirstCapacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPackets, 1 << 15);
        _maxPackets = (int)BitOperations.RoundUpToPowerOf2((uint)maxPackets);
        _maxAge = maxAge;
        NewestSent = _reserved;
        _reported = _reserved;
    }

    /// <summary>The newest number that was sent.</summary>
    public long NewestSent { get; private set; }

    /// <summary>Bytes sent of which feedback has not yet said anything; what an overtaken feedback leaves out stops counting.</summary>
    public long OutstandingBytes { get; private set; }

    /// <summary>When the oldest packet without a report was sent; never when there is none.</summary>
    public Instant OldestOutstanding => FindOldestOutstanding();

    /// <summary>The number for the next packet.</summary>
    public SequenceNumber Reserve() => new((ushort)++_reserved);

    /// <summary>Remembers a packet; its number must have been reserved.</summary>
    public void Add(Instant now, SequenceNumber sequence, int bytes, SentKind kind, int probeId)
    {
        long number = _reserved + SequenceNumber.Distance(new((ushort)_reserved), sequence);
        if (number > _reserved)
        {
            throw new ArgumentOutOfRangeException(nameof(sequence), sequence, "The number was not handed out.");
        }

        ref SentPacket slot = ref Place(number, now);
        slot = new SentPacket
        {
            SentAt = now,
            Number = number,
            ProbeId = probeId,
            Bytes = (ushort)Math.Clamp(bytes, 0, ushort.MaxValue),
            Kind = kind,
            State = SentPacketState.Sent,
        };
        NewestSent = Math.Max(NewestSent, number);
        OutstandingBytes += number > _reported ? slot.Bytes : 0;
    }

    /// <summary>Takes one status of feedback. The packet is as it was before, so that a late arrival shows as lost before.</summary>
    public FeedbackDropReason Report(Instant now, SequenceNumber sequence, bool received, out SentPacket packet)
    {
        packet = default;
        long number = NewestSent + SequenceNumber.Distance(new((ushort)NewestSent), sequence);
        if (number > NewestSent || _ring.Length == 0)
        {
            return FeedbackDropReason.NeverSent;
        }

        ref SentPacket slot = ref _ring[number & (_ring.Length - 1)];
        if (slot.Number != number || slot.State == SentPacketState.Unused)
        {
            return number <= NewestSent - _ring.Length ? FeedbackDropReason.TooOld : FeedbackDropReason.NeverSent;
        }

        if (now - slot.SentAt > _maxAge)
        {
            return FeedbackDropReason.TooOld;
        }

        if (slot.State == SentPacketState.Received || (slot.State == SentPacketState.Lost && !received))
        {
            return FeedbackDropReason.Repeated;
        }

        packet = slot;
        slot.State = received ? SentPacketState.Received : SentPacketState.Lost;
        return FeedbackDropReason.None;
    }

    /// <summary>Bytes that were sent after the last packet spoken of and before this one, of which feedback says nothing.</summary>
    public long UnreportedBefore(SequenceNumber sequence)
    {
        long number = NewestSent + SequenceNumber.Distance(new((ushort)NewestSent), sequence);
        long bytes = 0;
        for (long skipped = Math.Max(_reported + 1, NewestSent - _ring.Length + 1); skipped < Math.Min(number, NewestSent); skipped++)
        {
            ref SentPacket slot = ref _ring[skipped & (_ring.Length - 1)];
            bytes += slot.Number == skipped && slot.State == SentPacketState.Sent ? slot.Bytes : 0;
        }

        return bytes;
    }

    /// <summary>Feedback has spoken of everything up to the number; what it left out is nobody's loss, only unknown.</summary>
    public void ReportedUpTo(long number)
    {
        for (long skipped = Math.Max(_reported + 1, NewestSent - _ring.Length + 1); skipped <= number; skipped++)
        {
            ref SentPacket slot = ref _ring[skipped & (_ring.Length - 1)];
            OutstandingBytes -= slot.Number == skipped ? slot.Bytes : 0;
        }

        _reported = Math.Max(_reported, number);
        OutstandingBytes = _reported == NewestSent ? 0 : Math.Max(OutstandingBytes, 0);
    }

    private Instant FindOldestOutstanding()
    {
        for (long number = Math.Max(_reported + 1, NewestSent - _ring.Length + 1); number <= NewestSent; number++)
        {
            ref SentPacket slot = ref _ring[number & (_ring.Length - 1)];
            if (slot.Number == number && slot.State == SentPacketState.Sent)
            {
                return slot.SentAt;
            }
        }

        return Instant.Never;
    }

    private ref SentPacket Place(long number, Instant now)
    {
        if (_ring.Length == 0)
        {
            _ring = new SentPacket[FirstCapacity];
        }

        ref SentPacket slot = ref _ring[number & (_ring.Length - 1)];
        while (slot.State == SentPacketState.Sent && now - slot.SentAt <= _maxAge && _ring.Length < _maxPackets)
        {
            Double();
            slot = ref _ring[number & (_ring.Length - 1)];
        }

        // Overwritten without a report: it is no longer under way as far as anybody knows.
        OutstandingBytes -= slot.State == SentPacketState.Sent && slot.Number > _reported ? slot.Bytes : 0;
        return ref slot;
    }

    private void Double()
    {
        SentPacket[] old = _ring;
        _ring = new SentPacket[old.Length * 2];
        foreach (ref SentPacket packet in old.AsSpan())
        {
            if (packet.State != SentPacketState.Unused)
            {
                _ring[packet.Number & (_ring.Length - 1)] = packet;
            }
        }
    }
}
