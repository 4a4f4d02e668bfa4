using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crosspoint.Contracts.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>One frame of the calls door, either way: a JSON text message of a WebSocket.</summary>
/// <remarks>Servers read client frames with <see cref="EnvelopeReader"/>, which tells malformed frames apart.</remarks>
public sealed record Envelope
{
    /// <summary>The version of the protocol this code speaks.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Always 1.</summary>
    [Range(1, 1)]
    public required int V { get; init; }

    /// <summary>One of <see cref="MessageTypes"/>.</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Type { get; init; }

    /// <summary>A UUID of this frame. A retry repeats it.</summary>
    [StringLength(128, MinimumLength = 1)]
    public required string MsgId { get; init; }

    /// <summary>When it was sent, ms since the Unix epoch.</summary>
    [JsonConverter(typeof(WholeNumberConverter))]
    public required long Ts { get; init; }

    /// <summary>
    /// Client to server: required, higher than any before on this connection, gaps allowed.
    /// Server to client: 1, 2, 3 … on direct answers; absent on ACK and on broadcasts.
    /// </summary>
    [Range(1L, WholeNumberConverter.MaxSafeInteger)]
    public long? Seq { get; init; }

    /// <summary>On ACK frames only.</summary>
    public Ack? Ack { get; init; }

    /// <summary>A text or an object for tracing; ignored.</summary>
    public JsonElement? Trace { get; init; }

    /// <summary>What the type says; absent reads as empty.</summary>
    public JsonElement? Payload { get; init; }
}
