namespace Crosspoint.Contracts.Calls;

/// <summary>Round-trip times to the regions, in milliseconds.</summary>
public sealed record ClientRttProbe
{
    /// <summary>To <c>ru</c>, ms.</summary>
    public double? RuMs { get; init; }

    /// <summary>To <c>tr</c>, ms.</summary>
    public double? TrMs { get; init; }

    /// <summary>To <c>ae</c>, ms.</summary>
    public double? AeMs { get; init; }
}
