using System.Runtime.CompilerServices;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// Gives a consumer one unbroken run of sequence numbers over pauses, left-out packets and restarts of the producer,
/// while losses stay visible as gaps, so that they can be asked for and filled.
/// </summary>
/// <remarks>
/// <para>A short list of segments, each an offset that holds from one input number up to the next segment's;
/// the same list read backwards turns a NACK into the producer's number, so no map per packet is kept.</para>
/// <code>
/// input   10 11 12 | 13 … 40 | 41 42 43      paused from 13 to 40
/// output   1  2  3 |  left out |  4  5  6
/// </code>
/// <para>One owner: the consumer.</para>
/// </remarks>
internal struct SequenceRewriter
{
    private const int Capacity = 16;

    // Half the circle is 32768; rules older than this are forgotten, long before "older" becomes ambiguous.
    private const int Horizon = 8192;

    private Segments _segments;
    private int _count;
    private ushort _highestInput;
    private ushort _highestOutput;

    /// <summary>Begins before the first packet.</summary>
    /// <param name="firstOutput">The number the first packet will get.</param>
    public SequenceRewriter(SequenceNumber firstOutput) => _highestOutput = (ushort)(firstOutput.Value - 1);

    /// <summary>The highest number given out.</summary>
    public readonly SequenceNumber HighestOutput => new(_highestOutput);

    /// <summary>Forgets the input's numbering: another stream, or the same begun anew. The output goes on where it was.</summary>
    public void Restart() => _count = 0;

    /// <summary>Goes on at <paramref name="first"/>, which gets the next output number; what lies between is left out.</summary>
    /// <param name="first">The first input number to be mapped.</param>
    /// <param name="timestampOffset">What is to be added to timestamps from here on.</param>
    public void Start(SequenceNumber first, uint timestampOffset)
    {
        if (_count != 0)
        {
            int ahead = SequenceNumber.Distance(new(_highestInput), first);
            if (ahead is <= 0 and > -Horizon)
            {
                return; // The stretch was already begun: keep its rule, a number must never be given out twice.
            }

            if (ahead is > 1 and < Horizon)
            {
                Push(new Segment((ushort)(_highestInput + 1), 0, 0, true));
            }
            else if (ahead != 1)
            {
                _count = 0; // So long a pause that the circle has lost its order.
            }
        }

        Push(new Segment(first.Value, (ushort)(_highestOutput + 1 - first.Value), timestampOffset, false));
        _highestInput = (ushort)(first.Value - 1);
    }

    /// <summary>The output number of an input packet.</summary>
    public RewriteVerdict Map(SequenceNumber input, out SequenceNumber output, out uint timestampOffset)
    {
        int index = Find(input);
        if (index < 0 || _segments[index].IsLeftOut)
        {
            output = default;
            timestampOffset = 0;
            return index < 0 ? RewriteVerdict.BeforeStart : RewriteVerdict.LeftOut;
        }

        Segment segment = _segments[index];
        output = new((ushort)(input.Value + segment.Offset));
        timestampOffset = segment.TimestampOffset;
        if (SequenceNumber.Distance(new(_highestInput), input) > 0)
        {
            _highestInput = input.Value;
            _highestOutput = output.Value;
            Forget();
        }

        return RewriteVerdict.Mapped;
    }

    /// <summary>Leaves out one packet and closes its place. Only the newest can be: behind it, numbers have been given out.</summary>
    public bool LeaveOut(SequenceNumber input)
    {
        if (_count == 0 || SequenceNumber.Distance(new(_highestInput), input) <= 0)
        {
            return false;
        }

        Segment current = _segments[_count - 1];
        Segment next = current with { First = (ushort)(input.Value + 1), Offset = (ushort)(current.Offset - 1) };
        _highestInput = input.Value;
        _highestOutput = (ushort)(input.Value - 1 + current.Offset);
        if (_count > 1 && current.First == input.Value && _segments[_count - 2].IsLeftOut)
        {
            _segments[_count - 1] = next;
            return true;
        }

        Push(new Segment(input.Value, 0, 0, true));
        Push(next);
        Forget();
        return true;
    }

    /// <summary>The input number behind an output number; false when it was never given out or is forgotten.</summary>
    public readonly bool TryUnmap(SequenceNumber output, out SequenceNumber input, out uint timestampOffset)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            Segment segment = _segments[i];
            if (segment.IsLeftOut)
            {
                continue;
            }

            input = new((ushort)(output.Value - segment.Offset));
            ushort last = i == _count - 1 ? _highestInput : (ushort)(_segments[i + 1].First - 1);
            if (SequenceNumber.Distance(new(segment.First), input) >= 0 && SequenceNumber.Distance(input, new(last)) >= 0)
            {
                timestampOffset = segment.TimestampOffset;
                return true;
            }
        }

        input = default;
        timestampOffset = 0;
        return false;
    }

    private readonly int Find(SequenceNumber input)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            if (SequenceNumber.Distance(new(_segments[i].First), input) >= 0)
            {
                return i;
            }
        }

        return -1;
    }

    private void Push(Segment segment)
    {
        if (_count == Capacity)
        {
            RemoveOldest();
        }

        _segments[_count++] = segment;
    }

    private void Forget()
    {
        while (_count > 1 && SequenceNumber.Distance(new(_segments[1].First), new(_highestInput)) > Horizon)
        {
            RemoveOldest();
        }

        // The rule itself lives on; only its beginning follows, so that half a circle is never between.
        if (SequenceNumber.Distance(new(_segments[0].First), new(_highestInput)) > 2 * Horizon)
        {
            _segments[0] = _segments[0] with { First = (ushort)(_highestInput - Horizon) };
        }
    }

    private void RemoveOldest()
    {
        Span<Segment> all = _segments;
        all[1.._count].CopyTo(all);
        _count--;
    }

    private readonly record struct Segment(ushort First, ushort Offset, uint TimestampOffset, bool IsLeftOut);

    [InlineArray(Capacity)]
    private struct Segments
    {
        private Segment _first;
    }
}
