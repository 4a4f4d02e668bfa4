using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Door;

/// <summary>TRANSPORT_*, PRODUCE, PRODUCER_*, CONSUME, CONSUMER_*, ICE_RESTART.</summary>
internal static class MediaHandlers
{
    // --- new media intents: behind the gate ---

    internal static ValueTask<Outcome> TransportCreateAsync(Request request) => RoomScope.ThroughMediaGateAsync(
        request, CallsJson.Default.TransportCreatePayload, (peer, payload) => peer.Room.Media.Transports.CreateAsync(request, peer, payload));

    internal static ValueTask<Outcome> TransportConnectAsync(Request request) => RoomScope.ThroughMediaGateAsync(
        request, CallsJson.Default.TransportConnectPayload, (peer, payload) => peer.Room.Media.Transports.ConnectAsync(peer, payload));

    internal static ValueTask<Outcome> ProduceAsync(Request request) => RoomScope.ThroughMediaGateAsync(
        request, CallsJson.Default.ProducePayload, (peer, payload) => peer.Room.Media.Producers.ProduceAsync(request, peer, payload));

    internal static ValueTask<Outcome> ConsumeAsync(Request request) => RoomScope.ThroughMediaGateAsync(
        request, CallsJson.Default.ConsumePayload, (peer, payload) => peer.Room.Media.Consumers.ConsumeAsync(request, peer, payload));

    // --- what is established already: membership is enough, a rekey must not freeze it ---

    internal static ValueTask<Outcome> IceRestartAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.IceRestartPayload, (peer, payload) => peer.Room.Media.Transports.RestartIceAsync(request, peer, payload));

    internal static ValueTask<Outcome> TransportStatsGetAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.TransportStatsGetPayload, (peer, payload) => peer.Room.Media.Transports.TellStatisticsAsync(request, peer, payload));

    internal static ValueTask<Outcome> ProducerPauseAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.ProducerReferencePayload, (peer, payload) => peer.Room.Media.Producers.SetPausedAsync(peer, payload.ProducerId, paused: true));

    internal static ValueTask<Outcome> ProducerResumeAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.ProducerReferencePayload, (peer, payload) => peer.Room.Media.Producers.SetPausedAsync(peer, payload.ProducerId, paused: false));

    internal static ValueTask<Outcome> ProducerCloseAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.ProducerReferencePayload, (peer, payload) => peer.Room.Media.Producers.CloseAsync(peer, payload.ProducerId));

    internal static ValueTask<Outcome> ConsumerPauseAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.ConsumerReferencePayload, (peer, payload) => peer.Room.Media.Consumers.SetPausedAsync(peer, payload.ConsumerId, paused: true));

    internal static ValueTask<Outcome> ConsumerResumeAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.ConsumerReferencePayload, (peer, payload) => peer.Room.Media.Consumers.SetPausedAsync(peer, payload.ConsumerId, paused: false));

    internal static ValueTask<Outcome> ConsumerSetPreferredLayersAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.ConsumerSetPreferredLayersPayload, (peer, payload) => peer.Room.Media.Consumers.SetPreferredLayersAsync(peer, payload));

    internal static ValueTask<Outcome> ConsumerSetPriorityAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.ConsumerSetPriorityPayload, (peer, payload) => peer.Room.Media.Consumers.SetPriorityAsync(peer, payload));

    internal static ValueTask<Outcome> TransportSetLimitsAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.TransportSetLimitsPayload, (peer, payload) => peer.Room.Media.Transports.SetLimitsAsync(peer, payload));

    internal static ValueTask<Outcome> ConsumerCloseAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.ConsumerReferencePayload, (peer, payload) => peer.Room.Media.Consumers.CloseAsync(peer, payload.ConsumerId));
}
