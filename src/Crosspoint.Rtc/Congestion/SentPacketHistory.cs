using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>The packets sent lately, by transport-wide sequence number: what feedback is matched against.</summary>
/// <remarks>
/// One owner; it lies within the estimator, next to what else a packet touches. Numbers are given out one after the other, so a packet's place says its number. The ring begins small and doubles while
/// packets are overwritten before feedback about them could come, up to a bound; nothing is allocated per packet.
/// </remarks>
internal struct SentPacketHistory
{
    private const int FirstCapacity = 64;

    private readonly int _maxPackets;
    private readonly TimeSpan _maxAge;
    private SentSlot[] _ring;
    private long _mask; // its length, a power of two, less one
    private long _newest;
    private Instant _newestAt;
    private int _newestProbe;
    private long _reported; // the newest number that feedback spoke of

    /// <param name="maxPackets">Packets remembered at most; rounded up to a power of two.</param>
    /// <param name="maxAge">How long a packet is remembered.</param>
    public SentPacketHistory(int maxPackets, TimeSpan maxAge)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPackets, FirstCapacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPackets, 1 << 15);
        _maxPackets = (int)BitOperations.RoundUpToPowerOf2((uint)maxPackets);
        _maxAge = maxAge;
        _ring = new SentSlot[FirstCapacity];
        _mask = FirstCapacity - 1;
        _newest = 0x1_0000 - 1; // numbers start a cycle up, so that what comes before the first stays positive
        _newestAt = Instant.Zero;
        _reported = _newest;
    }

    /// <summary>Bytes sent of which feedback has not yet said anything; what an overtaken feedback leaves out stops counting.</summary>
    public long OutstandingBytes { get; private set; }

    /// <summary>The number that the next packet gets.</summary>
    public readonly SequenceNumber Next => new((ushort)(_newest + 1));

    private readonly long Oldest => _newest - _mask;

    /// <summary>Remembers a packet, and gives it a number.</summary>
    public SequenceNumber Add(Instant now, int bytes, SentKind kind, int probeId)
    {
        ref SentSlot slot = ref Place(_newest + 1, now);
        _newest++;
        _newestAt = now;
        _newestProbe = probeId == 0 ? _newestProbe : probeId;
        ushort counted = (ushort)Math.Clamp(bytes, 0, ushort.MaxValue);
        slot = new SentSlot(now, counted, ProbeCode.Of(probeId), kind, SentPacketState.Sent);
        OutstandingBytes += counted;
        return new((ushort)_newest);
    }

    /// <summary>The newest packets, those noted at <paramref name="notedAt"/>, left at <paramref name="leftAt"/>.</summary>
    public readonly void Postpone(Instant notedAt, Instant leftAt)
    {
        for (long number = _newest; number > _reported && number >= Oldest; number--)
        {
            ref SentSlot slot = ref At(number);
            if (!slot.TryPostpone(notedAt, leftAt))
            {
                return;
            }
        }
    }

    /// <summary>Takes one status of feedback. The packet is as it was before, so that a late arrival shows as lost before.</summary>
    public readonly FeedbackDropReason Report(Instant now, SequenceNumber sequence, bool received, out SentPacket packet)
    {
        packet = default;
        long number = NumberOf(sequence);
        if (number > _newest)
        {
            return FeedbackDropReason.NeverSent;
        }

        ref SentSlot slot = ref At(number);
        if (number < Oldest || slot.State == SentPacketState.Unused)
        {
            return number < Oldest ? FeedbackDropReason.TooOld : FeedbackDropReason.NeverSent;
        }

        if (IsTooOld(now, slot))
        {
            return FeedbackDropReason.TooOld;
        }

        SentPacketState state = slot.State;
        if (state == SentPacketState.Received || (state == SentPacketState.Lost && !received))
        {
            return FeedbackDropReason.Repeated;
        }

        packet = new SentPacket(slot.SentAt(now), number, ProbeCode.IdOf(slot.Probe, _newestProbe), slot.Bytes, slot.Kind, state);
        slot.State = received ? SentPacketState.Received : SentPacketState.Lost;
        return FeedbackDropReason.None;
    }

    /// <summary>Bytes that were sent after the last packet spoken of and before this one, of which feedback says nothing.</summary>
    public readonly long UnreportedBefore(SequenceNumber sequence)
    {
        long number = NumberOf(sequence);
        long bytes = 0;
        for (long skipped = Math.Max(_reported + 1, Oldest); skipped < Math.Min(number, _newest); skipped++)
        {
            ref SentSlot slot = ref At(skipped);
            bytes += slot.State == SentPacketState.Sent ? slot.Bytes : 0;
        }

        return bytes;
    }

    /// <summary>Feedback has spoken of everything up to the number; what it left out is nobody's loss, only unknown.</summary>
    public void ReportedUpTo(long number)
    {
        for (long skipped = Math.Max(_reported + 1, Oldest); skipped <= number; skipped++)
        {
            OutstandingBytes -= At(skipped).Bytes;
        }

        _reported = Math.Max(_reported, number);
        OutstandingBytes = _reported == _newest ? 0 : Math.Max(OutstandingBytes, 0);
    }

    private readonly long NumberOf(SequenceNumber sequence) => _newest + SequenceNumber.Distance(new((ushort)_newest), sequence);

    // The second tells what the slot's few bits cannot, when nothing was sent for minutes.
    private readonly bool IsTooOld(Instant now, in SentSlot slot) => now - slot.SentAt(now) > _maxAge || now - _newestAt > _maxAge;

    private ref SentSlot Place(long number, Instant now)
    {
        ref SentSlot slot = ref At(number);
        while (slot.State == SentPacketState.Sent && !IsTooOld(now, slot) && _mask < _maxPackets - 1)
        {
            Double();
            slot = ref At(number);
        }

        // Overwritten without a report: it is no longer under way as far as anybody knows.
        bool isForgotten = slot.State == SentPacketState.Sent && number - _mask - 1 > _reported;
        OutstandingBytes -= isForgotten ? slot.Bytes : 0;
        return ref slot;
    }

    private void Double()
    {
        SentSlot[] old = _ring;
        _ring = new SentSlot[old.Length * 2];
        _mask = _ring.Length - 1;
        for (long number = _newest - old.Length + 1; number <= _newest; number++)
        {
            At(number) = old[number & (old.Length - 1)];
        }
    }

    // Without a check of bounds, which the mask makes needless: the array's length lies in a cache line of its own.
    private readonly ref SentSlot At(long number) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_ring), (nint)(number & _mask));
}
