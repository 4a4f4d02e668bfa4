namespace Crosspoint.Rtc.Streams;

/// <summary>Turns 16-bit sequence numbers into numbers that only grow with the stream, by the nearest way around the circle.</summary>
public struct SequenceUnwrapper
{
    private long _newest;
    private bool _started;

    /// <summary>The number in full. The first is itself plus one cycle, so that numbers before it stay positive.</summary>
    public long Unwrap(SequenceNumber sequence)
    {
        if (!_started)
        {
            _started = true;
            _newest = 0x1_0000 + sequence.Value;
            return _newest;
        }

        long full = Peek(sequence);
        _newest = Math.Max(_newest, full);
        return full;
    }

    /// <summary>The number in full, without moving on.</summary>
    public readonly long Peek(SequenceNumber sequence) =>
        _newest + SequenceNumber.Distance(new((ushort)_newest), sequence);
}
