using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Why a producer ended.</summary>
[JsonConverter(typeof(UpperSnakeEnumConverter<ProducerRemovedReason>))]
public enum ProducerRemovedReason
{
    /// <summary><c>"CLIENT_CLOSE"</c>: PRODUCER_CLOSE.</summary>
    ClientClose,

    /// <summary><c>"SFRAME_TRACE_UNAVAILABLE"</c>: encrypted frames are required and the media could not be inspected.</summary>
    SframeTraceUnavailable,

    /// <summary><c>"SFRAME_FRAMES_TOO_SMALL"</c>: encrypted frames are required and the first packets cannot be such frames.</summary>
    SframeFramesTooSmall,

    /// <summary><c>"SFRAME_REFUSED"</c>: its frames were again and again not encrypted as the room demands; nothing of them was forwarded.</summary>
    SframeRefused,

    /// <summary><c>"PEER_LEFT"</c>: its peer left the room.</summary>
    PeerLeft,

    /// <summary><c>"TRANSPORT_CLOSED"</c>: the transport it came in on closed or failed for good.</summary>
    TransportClosed,

    /// <summary><c>"MEDIA_FAILURE"</c>: the media plane gave it up.</summary>
    MediaFailure,
}
