using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>The router's capabilities, and placeholders for transports that TRANSPORT_CREATED then describes.</summary>
public sealed record MediaOptions
{
    /// <summary>Give this to <c>Device.load()</c>.</summary>
    public required RtpCapabilities RouterRtpCapabilities { get; init; }

    /// <summary>Placeholder.</summary>
    public required TransportPlaceholder SendTransportOptions { get; init; }

    /// <summary>Placeholder.</summary>
    public required TransportPlaceholder RecvTransportOptions { get; init; }
}
