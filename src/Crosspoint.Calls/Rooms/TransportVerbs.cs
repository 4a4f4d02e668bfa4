using Crosspoint.Calls.Door;
using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Rooms;

/// <summary>What a member may do with transports: make, connect, restart and look at its own.</summary>
/// <remarks>The room's mailbox owns it.</remarks>
internal sealed class TransportVerbs(Room room, RoomContext context, RoomPlane plane, MediaBooks books)
{
    // given to me
    private readonly Room _room = room;
    private readonly RoomContext _context = context;
    private readonly RoomPlane _plane = plane;
    private readonly MediaBooks _books = books;

    internal async ValueTask<Outcome> CreateAsync(Request request, Peer peer, TransportCreatePayload payload)
    {
        if (await _plane.EnsureAsync() is { } problem)
        {
            return problem;
        }

        int limit = _context.Options.Limits.TransportsPerPeer;
        if (peer.Transports.Count >= limit && !await EvictDeadAsync(peer))
        {
            return Outcome.Refused(ErrorCodes.RateLimited, "Too many transports", new() { Limit = limit });
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            TransportDescription made = await plane.CreateTransportAsync(payload.Direction, token);
            peer.Transports[made.Id] = new(made.Id, payload.Direction);
            request.Connection.SendDirect(MessageTypes.TransportCreated, Describe(made, payload), CallsJson.Default.TransportCreatedPayload);
            return Outcome.Done;
        });
    }

    internal async ValueTask<Outcome> ConnectAsync(Peer peer, TransportConnectPayload payload)
    {
        if (!peer.Transports.ContainsKey(payload.TransportId))
        {
            return MediaRefusals.NoTransport;
        }

        if (_plane.IsReal && payload.DtlsParameters.Fingerprints.Count == 0)
        {
            return new PayloadProblem("$.dtlsParameters.fingerprints", "At least one fingerprint is needed.").ToError();
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            await plane.ConnectTransportAsync(payload.TransportId, payload.DtlsParameters, token);
            return Outcome.Done;
        });
    }

    internal async ValueTask<Outcome> RestartIceAsync(Request request, Peer peer, IceRestartPayload payload)
    {
        IceRestartPolicy policy = payload.Policy ?? IceRestartPolicy.Relay;
        if (payload.TransportId is not { } transportId)
        {
            request.Connection.SendDirect(MessageTypes.IceRestartOk, new() { RoomId = _room.Id, Policy = policy }, CallsJson.Default.IceRestartOkPayload);
            return Outcome.Done;
        }

        if (!peer.Transports.ContainsKey(transportId))
        {
            return MediaRefusals.NoTransport;
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            IceParameters parameters = await plane.RestartIceAsync(transportId, token);
            request.Connection.SendDirect(
                MessageTypes.IceRestartOk,
                new() { RoomId = _room.Id, Policy = policy, TransportId = transportId, IceParameters = parameters },
                CallsJson.Default.IceRestartOkPayload);
            return Outcome.Done;
        });
    }

    internal async ValueTask<Outcome> TellStatisticsAsync(Request request, Peer peer, TransportStatsGetPayload payload)
    {
        if (!peer.Transports.ContainsKey(payload.TransportId))
        {
            return MediaRefusals.NoTransport;
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            TransportStatistics figures = await plane.GetStatisticsAsync(payload.TransportId, token);
            request.Connection.SendDirect(MessageTypes.TransportStats, Describe(payload.TransportId, figures), CallsJson.Default.TransportStatsPayload);
            return Outcome.Done;
        });
    }

    internal async ValueTask<Outcome> SetLimitsAsync(Peer peer, TransportSetLimitsPayload payload)
    {
        if (!peer.Transports.TryGetValue(payload.TransportId, out RoomTransport? transport))
        {
            return MediaRefusals.NoTransport;
        }

        if (transport.Direction != TransportDirection.Recv)
        {
            return new PayloadProblem("$.transportId", "This transport sends.").ToError();
        }

        return await _plane.AskAsync(async (plane, token) =>
        {
            await plane.SetLimitsAsync(payload.TransportId, payload.LastN, payload.MaxVideo, token);
            return Outcome.Done;
        });
    }

    // A client that rebuilt its transports after a failure need not know about the dead ones.
    private async ValueTask<bool> EvictDeadAsync(Peer peer)
    {
        RoomTransport? dead = peer.Transports.Values.FirstOrDefault(transport => transport.State is TransportConnectionState.Failed or TransportConnectionState.Disconnected);
        if (dead is null)
        {
            return false;
        }

        _books.ForgetTransport(peer, dead.Id, ProducerRemovedReason.TransportClosed, ConsumerClosedReason.TransportClosed);
        await _plane.QuietlyAsync((plane, token) => plane.CloseTransportAsync(dead.Id, token));
        return true;
    }

    private TransportCreatedPayload Describe(TransportDescription made, TransportCreatePayload asked) => new()
    {
        RoomId = _room.Id,
        TransportId = made.Id,
        Direction = asked.Direction,
        IceParameters = made.IceParameters,
        IceCandidates = asked.ForceTcp == true ? [.. made.IceCandidates.Where(candidate => candidate.Protocol == IceProtocol.Tcp)] : made.IceCandidates,
        DtlsParameters = made.DtlsParameters,
    };

    private TransportStatsPayload Describe(string transportId, TransportStatistics figures) => new()
    {
        RoomId = _room.Id,
        TransportId = transportId,
        State = figures.State,
        Timestamp = _context.Frames.Now,
        PacketsReceived = figures.PacketsReceived,
        PacketsSent = figures.PacketsSent,
        BytesReceived = figures.BytesReceived,
        BytesSent = figures.BytesSent,
        PacketsLost = figures.PacketsLost,
        RemotePacketsLost = figures.RemotePacketsLost,
        PacketsRetransmitted = figures.PacketsRetransmitted,
        PacketsRepaired = figures.PacketsRepaired,
        NacksSent = figures.NacksSent,
        NacksReceived = figures.NacksReceived,
        RepairPacketsSent = figures.RepairPacketsSent,
        FractionLost = figures.FractionLost,
        RttMs = figures.RttMs,
        JitterMs = figures.JitterMs,
        Drops = figures.Drops,
        Protocol = figures.Protocol,
        SrtpProfile = figures.SrtpProfile,
    };
}
