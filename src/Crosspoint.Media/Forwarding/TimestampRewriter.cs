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
    // Encodings of one camera arrive together; reports that put them further apart lie.
    private const long MaxDisagreement = TimeSpan.TicksPerSecond / 2;

    private bool _hasOutput;
    private RtpTimestamp _newest;
    private Instant _newestAt;

    /// <summary>Added to timestamps of the present timeline.</summary>
    public uint Offset { get; private set; } = firstOffset;

    /// <summary>The newest timestamp sent.</summary>
    public readonly RtpTimestamp Newest => _newest;

    /// <summary>Joins a new timeline at its first packet; at least one unit after the newest timestamp sent.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="input">Its timestamp.</param>
    /// <param name="aligned">The offset by which both timelines show one clock, where it is known. Believed as far as arrival confirms it.</param>
    public void Rejoin(Instant now, RtpTimestamp input, uint? aligned = null)
    {
        if (!_hasOutput)
        {
            return;
        }

        long elapsed = Math.Max(1, (long)((Int128)Math.Max(0, (now - _newestAt).Ticks) * clockRate / TimeSpan.TicksPerSecond));
        uint byArrival = (uint)(_newest.Value + elapsed - input.Value);
        if (aligned is { } offset && Math.Abs((long)(int)(offset - byArrival)) <= clockRate * MaxDisagreement / TimeSpan.TicksPerSecond)
        {
            int step = RtpTimestamp.Distance(_newest, input + offset);
            Offset = step >= 1 ? offset : offset + (uint)(1 - step);
            return;
        }

        Offset = byArrival;
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
