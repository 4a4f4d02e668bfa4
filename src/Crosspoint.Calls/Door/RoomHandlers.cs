using Crosspoint.Calls.E2ee;
using Crosspoint.Calls.Options;
using Crosspoint.Calls.Rooms;
using Crosspoint.Calls.Sessions;
using Crosspoint.Contracts.Calls;
using Crosspoint.Media.Negotiation;

namespace Crosspoint.Calls.Door;

/// <summary>ROOM_CREATE, ROOM_JOIN, ROOM_LEAVE, PEER_KICK, ROOM_STATE_GET, GET_ROUTER_RTP_CAPABILITIES.</summary>
internal sealed class RoomHandlers(CallsOptions options, RoomDirectory rooms, RoomAdmission admission, Func<bool> isDraining)
{
    // A room may end between being found and being entered; then the search starts again.
    private const int Attempts = 3;

    // given to me
    private readonly CallsOptions _options = options;
    private readonly RoomDirectory _rooms = rooms;
    private readonly RoomAdmission _admission = admission;
    private readonly Func<bool> _isDraining = isDraining;

    internal async ValueTask<Outcome> CreateAsync(Request request)
    {
        if (!PayloadReader.TryRead(request.Payload, CallsJson.Default.RoomCreatePayload, out RoomCreatePayload? wish, out PayloadProblem? problem))
        {
            return problem.ToError();
        }

        // Asking for less than the server's own profile is refused, not ignored: who asked would believe in it.
        if (wish.E2eeProfile is { } profile && profile != RoomKeys.Profile && (profile != RoomEpoch.Profile || _options.E2ee.Profile == RoomKeys.Profile))
        {
            return Outcome.Refused(ErrorCodes.UnsupportedE2ee, "No such key profile here", new() { Reason = "PROFILE" });
        }

        if (wish.Codecs is { } codecs && !CodecPolicy.TryParse(codecs, out _, out string refused))
        {
            return new PayloadProblem("$.codecs", refused.Length == 0 ? "At least one codec of sound or picture is needed." : "A name is unknown, repeated, or needs another one.").ToError();
        }

        RoomPlan plan = _admission.Plan(request.Session!.UserId, wish);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Room? room = _isDraining() ? null : _rooms.GetOrCreate(plan, out _);
            if (room is null)
            {
                return NodeFull;
            }

            string? token = _admission.MintFor(request.Session.UserId, room.Plan);
            if (await room.InvokeAsync(() => new(TellCreated(request, room, token))) is { } outcome)
            {
                return outcome;
            }
        }

        return NodeFull;
    }

    internal async ValueTask<Outcome> JoinAsync(Request request)
    {
        Session session = request.Session!;
        if (_options.E2ee.RequireSFrame && !session.Abilities.SFrame)
        {
            return Outcome.Refused(ErrorCodes.UnsupportedE2ee, "SFrame is required here: announce it with E2EE_CAPS");
        }

        if (!PayloadReader.TryRead(request.Payload, CallsJson.Default.RoomJoinPayload, out RoomJoinPayload? wish, out PayloadProblem? problem))
        {
            return problem.ToError();
        }

        if (wish.DeviceId is { } named && named != session.DeviceId)
        {
            return Outcome.Refused(ErrorCodes.ValidationFailed, "This connection is bound to another device", new() { Field = "$.deviceId", Reason = "DEVICE_ID_MISMATCH" });
        }

        Peer? previous = session.Stay;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Outcome admitted = _admission.Admit(session.UserId, wish, out Room? room);
            if (admitted.Error is not null)
            {
                return admitted;
            }

            if (await room!.InvokeAsync(() => room.JoinAsync(session, request.Connection, wish.DisplayName)) is { } outcome)
            {
                if (outcome.Error is null && previous is not null && previous.Room != room)
                {
                    // One room at a time: who enters another leaves the one before.
                    previous.Room.Post(() => previous.Room.LeaveAsync(previous, PeerLeftReason.Left));
                }

                return outcome;
            }
        }

        return NodeFull;
    }

    internal static ValueTask<Outcome> LeaveAsync(Request request) => RoomScope.AsMemberAsync(
        request,
        CallsJson.Default.RoomLeavePayload,
        async (peer, _) =>
        {
            Room room = peer.Room;
            await room.LeaveAsync(peer, PeerLeftReason.Left);
            request.Connection.SendDirect(MessageTypes.RoomLeft, new() { RoomId = room.Id, RoomVersion = room.Version }, CallsJson.Default.RoomLeftPayload);
            return Outcome.State("left", room.Version);
        });

    internal static ValueTask<Outcome> KickAsync(Request request) => RoomScope.AsMemberAsync(
        request,
        CallsJson.Default.PeerKickPayload,
        async (peer, payload) =>
        {
            Room room = peer.Room;
            if (peer.UserId != room.Plan.CreatorUserId)
            {
                return Outcome.Refused(ErrorCodes.Unauthorized, "Only who made the room removes others from it");
            }

            // A device that is gone already, or goes just now, is what was asked for.
            if (room.Peers.FirstOrDefault(present => present.DeviceId == payload.DeviceId) is { } target && target != peer)
            {
                await room.KickAsync(target);
            }

            return Outcome.State("kicked", room.Version);
        });

    internal static ValueTask<Outcome> GetStateAsync(Request request) => RoomScope.AsMemberAsync(
        request,
        CallsJson.Default.RoomScopedPayload,
        (peer, _) =>
        {
            request.Connection.SendDirect(MessageTypes.RoomState, peer.Room.Snapshot(), CallsJson.Default.RoomSnapshotPayload);
            return new(Outcome.State(null, peer.Room.Version));
        });

    internal static ValueTask<Outcome> GetRouterRtpCapabilitiesAsync(Request request) => RoomScope.AsMemberAsync(
        request,
        CallsJson.Default.RoomScopedPayload,
        async (peer, _) =>
        {
            if (await peer.Room.Media.EnsureAsync() is { } problem)
            {
                return problem;
            }

            request.Connection.SendDirect(
                MessageTypes.RouterRtpCapabilities,
                new() { RoomId = peer.Room.Id, RouterRtpCapabilities = peer.Room.Media.RouterRtpCapabilities },
                CallsJson.Default.RouterRtpCapabilitiesPayload);
            return Outcome.Done;
        });

    private static Outcome TellCreated(Request request, Room room, string? token)
    {
        request.Connection.SendDirect(MessageTypes.RoomCreated, room.DescribeCreated(token), CallsJson.Default.RoomCreatedPayload);
        if (token is not null)
        {
            request.Connection.SendDirect(MessageTypes.RoomJoinSecret, new() { RoomId = room.Id, JoinToken = token }, CallsJson.Default.RoomJoinSecretPayload);
        }

        return Outcome.Done;
    }

    private Outcome NodeFull => Outcome.Refused(ErrorCodes.NodeFull, "No more rooms on this node", new() { Limit = _options.Limits.Rooms });
}
