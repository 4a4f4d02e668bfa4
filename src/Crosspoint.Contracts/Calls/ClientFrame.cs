using System.Text.Json;

namespace Crosspoint.Contracts.Calls;

/// <summary>A client frame as far as the envelope goes.</summary>
/// <param name="Type">The type; empty when it could not be read.</param>
/// <param name="MsgId">The id to acknowledge; null when there was none to be read.</param>
/// <param name="Seq">The sequence number, from 1; 0 when it could not be read.</param>
/// <param name="Payload">The payload; an empty object when there was none.</param>
public readonly record struct ClientFrame(string Type, string? MsgId, long Seq, JsonElement Payload);
