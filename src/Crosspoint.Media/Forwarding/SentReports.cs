using System.Runtime.CompilerServices;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// When our last sender reports left, by the NTP time they carried. That time is the producer's, whose clock we do not know,
/// so a round trip is measured on ours: now less departure less the consumer's delay.
/// </summary>
/// <remarks>One owner: the consumer.</remarks>
internal struct SentReports
{
    private const int Kept = 8;

    private Ring _ring;
    private int _next;

    /// <summary>Notes a report that leaves.</summary>
    public void Add(Instant now, NtpTimestamp ntp)
    {
        _ring[_next] = new Entry(ntp.Middle, now);
        _next = (_next + 1) % Kept;
    }

    /// <summary>The moment the quoted report left; false for one that we never sent or have forgotten.</summary>
    public readonly bool TryFind(NtpShort quoted, out Instant sentAt)
    {
        for (int i = 0; i < Kept; i++)
        {
            if (quoted != NtpShort.Zero && _ring[i].Middle == quoted)
            {
                sentAt = _ring[i].At;
                return true;
            }
        }

        sentAt = default;
        return false;
    }

    private readonly record struct Entry(NtpShort Middle, Instant At);

    [InlineArray(Kept)]
    private struct Ring
    {
        private Entry _first;
    }
}
