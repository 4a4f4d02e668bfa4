using System.Runtime.CompilerServices;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// The reference times a peer's receivers sent (RRTR, RFC 3611 §4.4), until they are answered: so that who only receives knows its round trip.
/// </summary>
/// <remarks>One owner: the transport. A peer that claims to be many is answered for the last four.</remarks>
internal struct ReferenceTimes
{
    /// <summary>How many are remembered.</summary>
    public const int Kept = 4;

    private Entries _entries;
    private int _count;

    /// <summary>True while there is something to answer.</summary>
    public readonly bool Any => _count > 0;

    /// <summary>Notes one; a newer one of the same source takes its place.</summary>
    public void Add(Instant now, Ssrc source, NtpTimestamp time)
    {
        int index = 0;
        while (index < _count && _entries[index].Source != source)
        {
            index++;
        }

        if (index == Kept)
        {
            for (int i = 1; i < Kept; i++)
            {
                _entries[i - 1] = _entries[i];
            }

            index = Kept - 1;
        }

        _entries[index] = new Entry(source, time.Middle, now);
        _count = Math.Max(_count, index + 1);
    }

    /// <summary>The answers, which are due once; their number.</summary>
    /// <param name="now">When they are sent.</param>
    /// <param name="into">Room for <see cref="Kept"/>.</param>
    public int Take(Instant now, Span<DelaySinceLastReceiverReport> into)
    {
        int count = _count;
        for (int i = 0; i < count; i++)
        {
            into[i] = new(_entries[i].Source, _entries[i].Middle, NtpShort.From(now - _entries[i].At));
        }

        _count = 0;
        return count;
    }

    private readonly record struct Entry(Ssrc Source, NtpShort Middle, Instant At);

    [InlineArray(Kept)]
    private struct Entries
    {
        private Entry _first;
    }
}
