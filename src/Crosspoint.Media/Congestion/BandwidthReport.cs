using Crosspoint.Primitives;

namespace Crosspoint.Media.Congestion;

/// <summary>Whether a transport's estimate is worth telling again: when it moved by a twentieth, and once a second.</summary>
/// <remarks>One owner.</remarks>
internal sealed class BandwidthReport
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private Bitrate _told;
    private Instant _toldAt = Instant.Zero;
    private bool _hasTold;

    /// <summary>True when it is to be told.</summary>
    public bool IsNew(Instant now, Bitrate estimate)
    {
        if (_hasTold && (now - _toldAt < Interval || Math.Abs(estimate.BitsPerSecond - _told.BitsPerSecond) * 20 < _told.BitsPerSecond))
        {
            return false;
        }

        (_told, _toldAt, _hasTold) = (estimate, now, true);
        return true;
    }
}
