using Crosspoint.Primitives;

namespace Crosspoint.Media.Layers;

/// <summary>Since when packets of a producer come without a pause: one encoding is silent only while others are heard.</summary>
/// <remarks>One owner: the producer.</remarks>
internal struct PacketFlow
{
    // Longer than a pacer's burst and a slow camera's picture are apart.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private Instant _last;

    /// <summary>The first packet after the last pause.</summary>
    public Instant Since { get; private set; }

    /// <summary>A packet came.</summary>
    public void Note(Instant now)
    {
        Since = now - _last > Pause ? now : Since;
        _last = now;
    }
}
