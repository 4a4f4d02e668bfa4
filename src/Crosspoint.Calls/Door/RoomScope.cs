using System.Text.Json.Serialization.Metadata;
using Crosspoint.Calls.Rooms;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Door;

/// <summary>The order in which every room-scoped request is judged: membership, then readiness, then its arguments.</summary>
internal static class RoomScope
{
    private static readonly Outcome NotMember = Outcome.Refused(ErrorCodes.Unauthorized, "Not a member of this room");

    /// <summary>For requests that need membership only.</summary>
    internal static ValueTask<Outcome> AsMemberAsync<T>(Request request, JsonTypeInfo<T> typeInfo, Func<Peer, T, ValueTask<Outcome>> work)
        where T : class => InRoomAsync(request, gated: false, typeInfo, work);

    /// <summary>For media verbs: fail closed until the device declared the room's current epoch.</summary>
    internal static ValueTask<Outcome> ThroughMediaGateAsync<T>(Request request, JsonTypeInfo<T> typeInfo, Func<Peer, T, ValueTask<Outcome>> work)
        where T : class => InRoomAsync(request, gated: true, typeInfo, work);

    private static async ValueTask<Outcome> InRoomAsync<T>(Request request, bool gated, JsonTypeInfo<T> typeInfo, Func<Peer, T, ValueTask<Outcome>> work)
        where T : class
    {
        if (!PayloadReader.TryRead(request.Payload, CallsJson.Default.RoomReference, out RoomReference? reference, out PayloadProblem? problem))
        {
            return problem.ToError();
        }

        // A missing roomId means the room this device joined.
        if (request.Session?.Stay is not { } peer || (reference.RoomId is { } named && named != peer.Room.Id))
        {
            return NotMember;
        }

        // Read out here, judged in there: the room spends no time on parsing, and the order of refusals is kept.
        PayloadReader.TryRead(request.Payload, typeInfo, out T? payload, out problem);
        return await peer.Room.InvokeAsync(() => Judge(peer, gated, payload, problem, work)) ?? NotMember;
    }

    private static ValueTask<Outcome> Judge<T>(Peer peer, bool gated, T? payload, PayloadProblem? problem, Func<Peer, T, ValueTask<Outcome>> work)
        where T : class
    {
        if (!peer.Room.Peers.Contains(peer))
        {
            return new(NotMember);
        }

        if (gated && !peer.Room.Admits(peer))
        {
            return new(peer.Room.NotReady(peer));
        }

        return payload is null ? new(problem!.ToError()) : work(peer, payload);
    }
}
