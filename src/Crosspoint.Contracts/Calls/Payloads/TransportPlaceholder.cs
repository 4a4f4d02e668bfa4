namespace Crosspoint.Contracts.Calls;

/// <summary>A transport that does not exist yet.</summary>
public sealed record TransportPlaceholder
{
    /// <summary><c>send_…</c> or <c>recv_…</c> and the device.</summary>
    public required string Id { get; init; }

    /// <summary>Empty.</summary>
    [AlwaysWritten]
    public EmptyPayload IceParameters { get => field ?? new(); init; } = new();

    /// <summary>Empty.</summary>
    [AlwaysWritten]
    public EmptyPayload DtlsParameters { get => field ?? new(); init; } = new();
}
