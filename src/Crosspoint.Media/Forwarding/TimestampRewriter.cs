using Crosspoint.Primitives;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// Keeps a consumer's timestamps on one line. Within one timeline of the producer the offset never changes, whatever is
/// paused, so that lip-sync holds; a new timeline is joined where the old one would be by now.
/// </summary>
/// <remarks>One owner: the consumer.</remarks>
/// <param name="firstOffset">Added to the first timeline (random, RFC 3550 §5.1).</param>
/// <param name="clockRate">Hz.</param>
internal struct TimestampRewriter(uint firstOffset, int clockRate)
{
    private bool _hasOutput;
    private RtpTimestamp _newest;
    private Instant _newestAt;

    /// <summary>Added to timestamps of the present timeline.</summary>
    public uint Offset { get; private set; } = firstOffset;

    /// <summary>Joins a new timeline at its first packet; at least one unit after the newest timestamp sent.</summary>
    public void Rejoin(Instant now, RtpTimestamp input)
    {
        if (!_hasOutput)
        {
            return;
        }

        long elapsed = Math.Max(1, (long)((Int128)Math.Max(0, (now - _newestAt).Ticks) * clockRate / TimeSpan.TicksPerSecond));
        Offset = (uint)(_newest.Value + elapsed - input.Value);
    }

    /// <summary>Notes a timestamp that was sent.</summary>
    public void Sent(Instant now, RtpTimestamp output)
    {
        if (!_hasOutput || output.IsNewerThan(_newest))
        {
            _hasOutput = true;
            _newest = output;
            _newestAt = now;
        }
    }
}
