using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Contracts.Calls;

/// <summary>Answers GET_ROUTER_RTP_CAPABILITIES.</summary>
public sealed record RouterRtpCapabilitiesPayload
{
    /// <summary>The room.</summary>
    public required string RoomId { get; init; }

    /// <summary>Give this to <c>Device.load()</c>.</summary>
    public required RtpCapabilities RouterRtpCapabilities { get; init; }
}
