using Crosspoint.Rtc;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// Which transport-wide number each of the last packets left with, for a consumer without RTX: what is resent under its old number must be
/// the same to the bit, or the same key stream would authenticate two headers (RFC 7714 §9.1).
/// </summary>
/// <remarks>One owner: the consumer. One word per packet.</remarks>
internal sealed class SentNumbers(int capacity)
{
    private readonly uint[] _ring = new uint[capacity];

    // Nothing is sent with the number behind an entry of zero by accident: the slot of number 0 begins with another's.
    private bool _started;

    /// <summary>Notes what a packet left with.</summary>
    public void Note(SequenceNumber sequence, SequenceNumber number)
    {
        if (!_started)
        {
            _started = true;
            Array.Fill(_ring, (uint)(sequence.Value ^ 1) << 16);
        }

        _ring[sequence.Value & (_ring.Length - 1)] = ((uint)sequence.Value << 16) | number.Value;
    }

    /// <summary>The number a packet left with; false when it did not leave or is forgotten.</summary>
    public bool TryFind(SequenceNumber sequence, out SequenceNumber number)
    {
        uint entry = _ring[sequence.Value & (_ring.Length - 1)];
        number = new((ushort)entry);
        return _started && entry >> 16 == sequence.Value;
    }
}
