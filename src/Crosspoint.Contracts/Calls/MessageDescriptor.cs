using System.Text.Json.Serialization.Metadata;

namespace Crosspoint.Contracts.Calls;

/// <summary>A row of the message table.</summary>
/// <param name="Type">The word on the wire.</param>
/// <param name="Direction">Who sends it.</param>
/// <param name="Payload">How its payload is read and written.</param>
/// <param name="Since">The revision of the protocol that brought it: V1, V2, V3, or X for our own.</param>
public sealed record MessageDescriptor(string Type, MessageDirection Direction, JsonTypeInfo Payload, string Since)
{
    /// <summary>What a request needs first; requests only.</summary>
    public MessageScope Scope { get; init; }

    /// <summary>How it reaches its receiver; server frames only.</summary>
    public MessageDelivery Delivery { get; init; }

    /// <summary>The direct frames that precede the ACK of a success, in order; requests only.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>The errors it may be refused with besides those every request may be; requests only.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>In one sentence.</summary>
    public required string Summary { get; init; }
}
