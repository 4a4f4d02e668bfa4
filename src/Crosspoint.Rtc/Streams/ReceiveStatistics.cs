using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Streams;

/// <summary>
/// What a receiver counts of one source (RFC 3550 §6.4.1, A.1, A.3, A.8).
/// Sources are signalled in WebRTC, so the first packet counts at once; only a restart is on probation.
/// </summary>
/// <remarks>One owner, who calls in the order of arrival.</remarks>
public struct ReceiveStatistics
{
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;
    private const uint SequenceModulus = 0x1_0000;
    private const uint NoSequence = SequenceModulus + 1;

    // Five seconds: a step of the timestamp beyond that is a new time line and not jitter.
    private const int MaxTransitStepSeconds = 5;

    private readonly int _clockRate;

    private bool _started;
    private ushort _highest;
    private uint _cycles;
    private uint _base;
    private uint _suspect;
    private uint _received;
    private uint _expectedPrior;
    private uint _receivedPrior;
    private uint _transit;
    private bool _hasTransit;
    private uint _jitterTimes16;

    /// <summary>Begins without packets.</summary>
    /// <param name="clockRate">Of the payload, in Hz, at least 1.</param>
    public ReceiveStatistics(int clockRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clockRate, 1);
        _clockRate = clockRate;
        _suspect = NoSequence;
    }

    /// <summary>True once a packet has been counted.</summary>
    public readonly bool HasPackets => _started;

    /// <summary>Cycles in the high half, highest sequence number in the low.</summary>
    public readonly uint ExtendedHighestSequence => _cycles + _highest;

    /// <summary>Packets counted since the (re)start, duplicates included.</summary>
    public readonly uint Received => _received;

    /// <summary>Packets that should have come since the (re)start.</summary>
    public readonly uint Expected => _started ? ExtendedHighestSequence - _base + 1 : 0;

    /// <summary>Expected less received, in the 24 bits of a report block; negative when there were duplicates.</summary>
    public readonly int CumulativeLost => (int)Math.Clamp((long)Expected - _received, -0x80_0000, 0x7F_FFFF);

    /// <summary>Interarrival jitter in clock units.</summary>
    public readonly uint Jitter => _jitterTimes16 >> 4;

    /// <summary>Interarrival jitter as time.</summary>
    public readonly TimeSpan JitterTime => TimeSpan.FromSeconds(_jitterTimes16 / 16.0 / _clockRate);

    /// <summary>Counts a packet.</summary>
    public SequenceVerdict Update(Instant now, SequenceNumber sequence, RtpTimestamp timestamp)
    {
        SequenceVerdict verdict = UpdateSequence(sequence.Value);
        if (verdict == SequenceVerdict.Implausible)
        {
            return verdict;
        }

        _received++;
        UpdateJitter(now, timestamp);
        return verdict;
    }

    /// <summary>The fraction lost since the last call, in 1/256 (A.3); duplicates count as no loss.</summary>
    public byte TakeFractionLost()
    {
        uint expected = Expected - _expectedPrior;
        long lost = (long)expected - (_received - _receivedPrior);
        _expectedPrior = Expected;
        _receivedPrior = _received;
        return expected == 0 || lost <= 0 ? (byte)0 : (byte)Math.Min((lost << 8) / expected, 255);
    }

    private SequenceVerdict UpdateSequence(ushort sequence)
    {
        if (!_started)
        {
            Restart(sequence);
            return SequenceVerdict.Newest;
        }

        ushort ahead = (ushort)(sequence - _highest);
        if (ahead is > 0 and < MaxDropout)
        {
            if (sequence < _highest)
            {
                _cycles += SequenceModulus;
            }

            _highest = sequence;
            _suspect = NoSequence;
            return SequenceVerdict.Newest;
        }

        if (ahead == 0 || ahead > SequenceModulus - MaxMisorder)
        {
            return SequenceVerdict.Late;
        }

        // A.1: two packets in a row on the far side are a sender that restarted without telling.
        if (sequence == _suspect)
        {
            Restart(sequence);
            return SequenceVerdict.Restarted;
        }

        _suspect = (sequence + 1u) & (SequenceModulus - 1);
        return SequenceVerdict.Implausible;
    }

    private void Restart(ushort sequence)
    {
        _started = true;
        _highest = sequence;
        _base = sequence;
        _cycles = 0;
        _suspect = NoSequence;
        _received = 0;
        _expectedPrior = 0;
        _receivedPrior = 0;
        _hasTransit = false;
    }

    // A.8 in integers, with four fractional bits.
    private void UpdateJitter(Instant now, RtpTimestamp timestamp)
    {
        uint arrival = (uint)(ulong)((Int128)now.Ticks * _clockRate / TimeSpan.TicksPerSecond);
        uint transit = arrival - timestamp.Value;
        long step = Math.Abs((long)(int)(transit - _transit));
        bool comparable = _hasTransit && step < (long)_clockRate * MaxTransitStepSeconds;
        _transit = transit;
        _hasTransit = true;
        if (comparable)
        {
            _jitterTimes16 = (uint)(_jitterTimes16 + step - ((_jitterTimes16 + 8) >> 4));
        }
    }
}
