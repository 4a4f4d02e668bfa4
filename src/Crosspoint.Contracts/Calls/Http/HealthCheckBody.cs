namespace Crosspoint.Contracts.Calls;

/// <summary>One thing that was checked.</summary>
public sealed record HealthCheckBody
{
    /// <summary>What, such as <c>workers</c>, <c>sockets</c>, <c>auth</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is well.</summary>
    public required bool Ok { get; init; }

    /// <summary>What is wrong, as an enumerated word.</summary>
    public string? Reason { get; init; }
}
