namespace Crosspoint.Media.Repair;

/// <summary>When consumers that take FlexFEC-03 are sent repair packets, and how many.</summary>
public sealed record FecOptions
{
    /// <summary>
    /// Whether they are sent to those who agreed to take them. On by default, but what is not offered is not agreed to, and the codec policy
    /// offers FlexFEC only where an operator or a room asks for it: what is lost mostly comes back by NACK and RTX for the price of the loss,
    /// while repair packets cost their share whether something is lost or not.
    /// </summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The loss from which on they are sent, as the receiver reports it, before repair; 0 to 1. Default 1 %. They end below half of it.</summary>
    public double MinLoss { get; init; } = 0.01;

    /// <summary>The round trip from which on they are sent. Default 150 ms: within less, RTX is in time and cheaper.</summary>
    public TimeSpan MinRoundTrip { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Repair packets for each lost one, before bounds. Default 2: with independent losses six of ten come back without a request.</summary>
    public double PerLoss { get; init; } = 2;

    /// <summary>The most they may add to the media's bytes, 0 to 1. Default a quarter.</summary>
    public double MaxShare { get; init; } = 0.25;

    /// <summary>Packets lost in a row that are repaired, where the stream is dense enough. Default 2.</summary>
    public int Burst { get; init; } = 2;
}
