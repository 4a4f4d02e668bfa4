namespace Crosspoint.Contracts.Calls;

/// <summary>No fields. Also what ICE and DTLS placeholders are before TRANSPORT_CREATED.</summary>
public sealed record EmptyPayload;
