namespace Crosspoint.Load.Janus.Sdp;

/// <summary>An offer or answer whose sections all share one transport (BUNDLE with rtcp-mux; RFC 9143, RFC 5761).</summary>
internal sealed record SdpDescription
{
    /// <summary>ICE and DTLS.</summary>
    public required SdpTransport Transport { get; init; }

    /// <summary>The sections in their order, which an answer keeps.</summary>
    public required IReadOnlyList<SdpMedia> Media { get; init; }
}
