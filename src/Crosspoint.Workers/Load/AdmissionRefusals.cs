namespace Crosspoint.Workers.Load;

/// <summary>What a pool refused since its start because every worker that could take it was busy.</summary>
/// <param name="Rooms">Rooms.</param>
/// <param name="Transports">Transports of rooms that are there.</param>
public readonly record struct AdmissionRefusals(long Rooms, long Transports);
