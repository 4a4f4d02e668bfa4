using System.Runtime.InteropServices;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Streams;

/// <summary>
/// Keeps the list of packets that a stream misses and says which of them to ask for now (RFC 4585 §6.2.1).
/// </summary>
/// <remarks>
/// One owner. The list is sorted by age, so a loss is appended, and a repair found by bisection.
/// It grows to its bound by doubling and then allocates no more.
/// </remarks>
public sealed class NackGenerator
{
    private const int MaxPerPacket = 128;

    private readonly NackOptions _options;

    private readonly List<Missing> _missing = new(16);

    private ReorderTolerance _tolerance;
    private SequenceUnwrapper _unwrapper;
    private long _newest = -1;
    private TimeSpan _roundTrip;
    private AnswerTime _answer;
    private ArrivalRate _arrivals;
    private Instant _keyFrameDue; // default while none is waited for

    /// <summary>Begins without packets.</summary>
    public NackGenerator(NackOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxMissing, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRequests, 1, nameof(options));
        _options = options;
        _tolerance = new ReorderTolerance(options.ReorderTolerance, options.MaxReorderTolerance);
    }

    /// <summary>How long a packet may be late before it is asked for, from the reordering that was seen.</summary>
    public TimeSpan Tolerance => _tolerance.Wait;

    /// <summary>How many packets are missing and not given up.</summary>
    public int MissingCount => _missing.Count;

    /// <summary>Requests made, counted per packet.</summary>
    public long Requested { get; private set; }

    /// <summary>Packets that came after they had been asked for.</summary>
    public long Recovered { get; private set; }

    /// <summary>Packets given up because they were asked for often enough, or could not come in time to be of use.</summary>
    public long GivenUp { get; private set; }

    /// <summary>How often the list overflowed.</summary>
    public long Overflows { get; private set; }

    /// <summary>When <see cref="TryWrite"/> has something to do next.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>Notes a packet, original or unwrapped from RTX.</summary>
    public NackVerdict Handle(Instant now, SequenceNumber sequence)
    {
        long number = _unwrapper.Unwrap(sequence);
        _arrivals.Add(now);
        if (_newest < 0 || number == _newest + 1)
        {
            _newest = number;
            return NackVerdict.InOrder;
        }

        return number > _newest ? AddGap(now, number) : Remove(now, number);
    }

    /// <summary>A keyframe begins here: nobody needs what is missing before it.</summary>
    public void HandleKeyFrame(SequenceNumber first)
    {
        long number = _unwrapper.Peek(first);
        int older = 0;
        while (older < _missing.Count && _missing[older].Number < number)
        {
            older++;
        }

        _missing.RemoveRange(0, older);
        HurryMissing();
        FindNextTimeout();
    }

    /// <summary>Forgets the stream: its sender began anew, or it is paused.</summary>
    public void Reset()
    {
        _missing.Clear();
        _keyFrameDue = default;
        _unwrapper = default;
        _newest = -1;
        NextTimeout = Instant.Never;
    }

    /// <summary>
    /// Collects the numbers that are due, ascending, and counts them as asked for; gives up those that are past their limits.
    /// </summary>
    /// <returns>How many were written. A full span means: call again.</returns>
    public int Collect(Instant now, TimeSpan roundTripTime, Span<SequenceNumber> into)
    {
        TimeSpan interval = TimeSpan.FromTicks(Math.Clamp(_answer.Expected(roundTripTime).Ticks, _options.MinInterval.Ticks, _options.MaxInterval.Ticks));
        _roundTrip = roundTripTime;
        Span<Missing> list = CollectionsMarshal.AsSpan(_missing);
        int written = 0;
        int kept = 0;
        for (int i = 0; i < list.Length; i++)
        {
            Missing missing = list[i];
            if (missing.Due <= now && (missing.Requests >= _options.MaxRequests || now + interval - missing.Since > _options.MaxAge))
            {
                GivenUp++;
                continue;
            }

            if (missing.Due <= now && written < into.Length)
            {
                into[written++] = new((ushort)missing.Number);
                missing = missing with { Due = now + interval, AskedAt = now, AskedBefore = missing.AskedAt, Requests = missing.Requests + 1 };
            }

            list[kept++] = missing;
        }

        _missing.RemoveRange(kept, list.Length - kept);
        Requested += written;
        FindNextTimeout();
        return written;
    }

    /// <summary>Appends a NACK for what is due; returns how many packets it asks for, 0 for no NACK.</summary>
    public int TryWrite(Instant now, TimeSpan roundTripTime, ref RtcpWriter writer, Ssrc sender, Ssrc media)
    {
        if (NextTimeout > now)
        {
            return 0;
        }

        // A number takes one word at most, so this many surely fit.
        int room = Math.Clamp((writer.Free - 12) / 4, 0, MaxPerPacket);
        Span<SequenceNumber> due = stackalloc SequenceNumber[room];
        int count = room == 0 ? 0 : Collect(now, roundTripTime, due);
        return GenericNack.TryWrite(ref writer, sender, media, due[..count]);
    }

    private long MostMissing
    {
        get
        {
            TimeSpan time = _options.MaxRepairTime > _roundTrip ? _options.MaxRepairTime : _roundTrip;
            return Math.Min(_options.MaxMissing, Math.Max(_options.AlwaysRepaired, _arrivals.In(time) ?? _options.MaxMissing));
        }
    }

    private NackVerdict AddGap(Instant now, long number)
    {
        long gap = number - _newest - 1;
        if (gap + _missing.Count > MostMissing)
        {
            _missing.Clear();
            _newest = number;
            NextTimeout = Instant.Never;
            Overflows++;
            _keyFrameDue = now + _roundTrip + _options.KeyFramePatience;
            return NackVerdict.KeyFrameNeeded;
        }

        // What is missed while a keyframe is on its way was sent before it, most likely, and would only come before it again.
        Instant due = Instant.Max(now + _tolerance.Wait, _keyFrameDue);
        for (long missing = _newest + 1; missing < number; missing++)
        {
            _missing.Add(new Missing(missing, now, due, default, default, 0));
        }

        _newest = number;
        NextTimeout = Instant.Min(NextTimeout, due);
        return NackVerdict.Gap;
    }

    private NackVerdict Remove(Instant now, long number)
    {
        int index = IndexOf(number);
        if (index < 0)
        {
            return NackVerdict.Duplicate;
        }

        Missing missing = _missing[index];
        bool asked = missing.Requests > 0;
        _tolerance.Update(now - missing.Since, asked && !IsTooSoonForAnAnswer(now, missing));
        _missing.RemoveAt(index);
        if (_missing.Count == 0)
        {
            NextTimeout = Instant.Never;
        }

        if (!asked)
        {
            return NackVerdict.Reordered;
        }

        NoteAnswer(now, missing);
        Recovered++;
        return NackVerdict.Recovered;
    }

    // What comes well within a round trip after the only request was on its way already: late, not lost.
    private bool IsTooSoonForAnAnswer(Instant now, in Missing missing) => missing.Requests == 1 && IsTooSoon(now, missing.AskedAt);

    private bool IsTooSoon(Instant now, Instant askedAt) => now - askedAt < _roundTrip * 3 / 4;

    // What comes too soon after a request answers the one before it.
    private void NoteAnswer(Instant now, in Missing missing)
    {
        if (!IsTooSoon(now, missing.AskedAt))
        {
            _answer.Add(now - missing.AskedAt);
        }
        else if (missing.Requests > 1)
        {
            _answer.Add(now - missing.AskedBefore);
        }
    }

    private int IndexOf(long number)
    {
        int low = 0;
        int high = _missing.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            long at = _missing[middle].Number;
            if (at == number)
            {
                return middle;
            }

            (low, high) = at < number ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    // What is missing behind the keyframe that was waited for is wanted now.
    private void HurryMissing()
    {
        if (_keyFrameDue == default)
        {
            return;
        }

        _keyFrameDue = default;
        foreach (ref Missing missing in CollectionsMarshal.AsSpan(_missing))
        {
            missing = missing.Requests == 0 ? missing with { Due = missing.Since + _tolerance.Wait } : missing;
        }
    }

    private void FindNextTimeout()
    {
        Instant next = Instant.Never;
        foreach (Missing missing in CollectionsMarshal.AsSpan(_missing))
        {
            next = Instant.Min(next, missing.Due);
        }

        NextTimeout = next;
    }

    /// <summary>A packet that has not come.</summary>
    /// <param name="Number">Its number in full.</param>
    /// <param name="Since">When the gap was seen.</param>
    /// <param name="Due">When to ask, or to ask again.</param>
    /// <param name="AskedAt">When it was last asked for.</param>
    /// <param name="AskedBefore">When it was asked for the time before.</param>
    /// <param name="Requests">How often it has been asked for.</param>
    private readonly record struct Missing(long Number, Instant Since, Instant Due, Instant AskedAt, Instant AskedBefore, int Requests);
}
