using System.Buffers.Binary;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Streams;

/// <summary>
/// When the next RTCP report is due (RFC 3550 §6.2, for two parties): a mean interval times a random factor from 0.5 to 1.5,
/// so that peers do not fall into step; the first comes after half of it.
/// </summary>
/// <remarks>One owner.</remarks>
public sealed class ReportScheduler(ReportSchedulerOptions options, IRandomSource random)
{
    private bool _hasVideo;

    /// <summary>When <see cref="TryTake"/> will say yes; never before <see cref="Start"/>.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>Begins: the connection is up. The interval follows from what is carried.</summary>
    public void Start(Instant now, bool hasVideo)
    {
        _hasVideo = hasVideo;
        NextTimeout = now + (Randomised() / 2);
    }

    /// <summary>Video came or went; a report that is due sooner stays so.</summary>
    public void SetHasVideo(Instant now, bool hasVideo)
    {
        if (_hasVideo != hasVideo)
        {
            _hasVideo = hasVideo;
            NextTimeout = NextTimeout.IsNever ? NextTimeout : Instant.Min(NextTimeout, now + Randomised());
        }
    }

    /// <summary>True when a report is due; the next one is scheduled from now.</summary>
    public bool TryTake(Instant now)
    {
        if (now < NextTimeout)
        {
            return false;
        }

        NextTimeout = now + Randomised();
        return true;
    }

    /// <summary>No more reports.</summary>
    public void Stop() => NextTimeout = Instant.Never;

    private TimeSpan Randomised()
    {
        Span<byte> bytes = stackalloc byte[4];
        random.Fill(bytes);
        double factor = 0.5 + (BinaryPrimitives.ReadUInt32LittleEndian(bytes) / 4294967296.0);
        return (_hasVideo ? options.VideoInterval : options.AudioInterval) * factor;
    }
}
