using Crosspoint.Media;
using Crosspoint.Media.Negotiation;
using Crosspoint.Workers.Pipes;

namespace Crosspoint.Workers;

/// <summary>A track on a worker: one that a peer sends, or one that comes from another worker through a pipe.</summary>
/// <param name="Id">Its id, the same on every worker.</param>
/// <param name="Transport">Where the peer sends it; null for one that comes through a pipe.</param>
/// <param name="Producer">Its place in the router.</param>
/// <param name="Negotiation">What it sends.</param>
/// <param name="Pipe">The pipe it comes through; null for a peer's own.</param>
internal sealed record HostedProducer(string Id, WebRtcTransport? Transport, Producer Producer, ProducerNegotiation Negotiation, PipeEnd? Pipe = null);

/// <summary>A track that is sent to a peer.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Transport">Where the peer receives it.</param>
/// <param name="Producer">What is sent.</param>
/// <param name="Consumer">Its place in the router.</param>
internal sealed record HostedConsumer(string Id, WebRtcTransport Transport, HostedProducer Producer, Consumer Consumer);
