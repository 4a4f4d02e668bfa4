using Crosspoint.Primitives;
using Crosspoint.Rtc.Fec;

namespace Crosspoint.Media.Repair;

/// <summary>
/// Chooses a consumer's protection from the loss and round trip that its receiver reports and the density of its stream.
/// A group that takes longer to fill than a round trip repairs later than RTX would, so such groups are not made.
/// </summary>
/// <remarks>One owner: the consumer.</remarks>
internal struct FecController
{
    private readonly FecOptions _options;

    private double _loss;
    private Instant _reportedAt;
    private long _packetsThen;

    /// <summary>Begins without reports.</summary>
    public FecController(FecOptions options)
    {
        _options = options;
        _reportedAt = Instant.Never;
    }

    /// <summary>The protection from now on.</summary>
    public FecProtection Protection { get; private set; }

    /// <summary>Takes a report.</summary>
    /// <param name="now">When.</param>
    /// <param name="fractionLost">In 1/256, since the report before.</param>
    /// <param name="roundTrip">To the receiver; null when not measured.</param>
    /// <param name="packets">Media packets sent since the beginning.</param>
    public void Update(Instant now, byte fractionLost, TimeSpan? roundTrip, long packets)
    {
        double loss = fractionLost / 256.0;
        _loss = loss > _loss ? (_loss + loss) / 2 : (_loss * 0.75) + (loss * 0.25);
        double seconds = _reportedAt.IsNever ? 0 : (now - _reportedAt).TotalSeconds;
        double rate = seconds > 0 ? (packets - _packetsThen) / seconds : 0;
        _reportedAt = now;
        _packetsThen = packets;
        Protection = Choose(roundTrip ?? TimeSpan.Zero, rate);
    }

    private readonly FecProtection Choose(TimeSpan roundTrip, double packetsPerSecond)
    {
        double least = Protection.IsOn ? _options.MinLoss / 2 : _options.MinLoss;
        TimeSpan shortest = Protection.IsOn ? _options.MinRoundTrip * 0.8 : _options.MinRoundTrip;
        if (_loss < least || roundTrip < shortest)
        {
            return FecProtection.None;
        }

        // At most as many packets as pass within a round trip.
        double density = packetsPerSecond * roundTrip.TotalSeconds;
        double ratio = Math.Min(_loss * _options.PerLoss, _options.MaxShare);
        for (int burst = _options.Burst; burst >= 1; burst--)
        {
            FecProtection wished = FecProtection.For(Math.Max(ratio, 1.0 / FecProtection.MaxReach), burst);
            if (wished.GroupSize * wished.Depth <= density)
            {
                return wished;
            }
        }

        FecProtection dense = density >= 1 ? FecProtection.For(1 / Math.Floor(density), 1) : FecProtection.None;
        return dense.Ratio <= _options.MaxShare ? dense : FecProtection.None;
    }
}
