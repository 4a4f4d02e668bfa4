using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>Why a consumer ended.</summary>
[JsonConverter(typeof(UpperSnakeEnumConverter<ConsumerClosedReason>))]
public enum ConsumerClosedReason
{
    /// <summary><c>"CLIENT_CLOSE"</c>: CONSUMER_CLOSE.</summary>
    ClientClose,

    /// <summary><c>"PRODUCER_CLOSED"</c>: what it consumed is gone.</summary>
    ProducerClosed,

    /// <summary><c>"TRANSPORT_CLOSED"</c>: its transport closed or failed for good.</summary>
    TransportClosed,

    /// <summary><c>"MEDIA_FAILURE"</c>: the media plane gave it up.</summary>
    MediaFailure,
}
