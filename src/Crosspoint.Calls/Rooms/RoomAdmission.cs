using Crosspoint.Calls.Door;
using Crosspoint.Calls.E2ee;
using Crosspoint.Calls.Options;
using Crosspoint.Calls.Tokens;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Rooms;

/// <summary>Decides who may enter which room, and which rooms come into being by somebody entering.</summary>
/// <remarks>
/// One enters by being the room's creator or one of the users they named, or by a join token. Tokens are only ever given to the creator.
/// A good token of a room that is gone (everybody left, or the server restarted) makes it again as its creator made it, so that links keep working.
/// </remarks>
internal sealed class RoomAdmission(CallsOptions options, RoomDirectory rooms, JoinTokens tokens, TimeProvider time, CallsMetrics metrics)
{
    /// <summary>Finds or makes the room a user wants into; the refusal when they may not.</summary>
    internal Outcome Admit(string userId, RoomJoinPayload wish, out Room? room)
    {
        JoinGrant? grant = null;
        JoinTokenRefusal refusal = JoinTokenRefusal.None;
        room = rooms.Find(wish.RoomId);
        if (wish.JoinToken is { } token)
        {
            grant = tokens.Verify(token, wish.RoomId, userId, out refusal);

            // A forged or foreign token is refused whoever shows it; one that merely ran out is as good as none.
            if (refusal is not (JoinTokenRefusal.None or JoinTokenRefusal.Expired))
            {
                return Refuse(refusal.ToString());
            }
        }

        if (room is null)
        {
            return Make(userId, wish, grant, refusal, out room);
        }

        // The token of an earlier room of the same name, made by somebody else, opens nothing.
        return room.Plan.Admits(userId) || (grant is not null && grant.CreatorUserId == room.Plan.CreatorUserId)
            ? Outcome.Done
            : Refuse(refusal == JoinTokenRefusal.Expired ? "Expired" : "NoToken");
    }

    /// <summary>The plan of a room somebody asks for.</summary>
    internal RoomPlan Plan(string userId, RoomCreatePayload wish)
    {
        string roomId = wish.RoomId ?? Guid.NewGuid().ToString();
        string profile = Strictest(wish.E2eeProfile);
        return new()
        {
            RoomId = roomId,
            CallId = wish.CallId ?? roomId,
            CreatorUserId = userId,
            Access = wish.AllowedUserIds is not null ? RoomAccess.Named : options.Join.Compatibility == V1Compatibility.Open ? RoomAccess.Open : RoomAccess.Link,
            AllowedUserIds = wish.AllowedUserIds is { } named ? [.. named.Append(userId).Distinct(StringComparer.Ordinal)] : [],
            MaxPeers = Math.Min(wish.MaxPeers ?? int.MaxValue, options.Limits.PeersPerRoom),
            E2eeRequired = wish.E2eeRequired == true || IsRequired(profile),
            Profile = profile,
            Codecs = wish.Codecs,
        };
    }

    /// <summary>A join token for the room's creator; null for everybody else.</summary>
    internal string? MintFor(string userId, RoomPlan plan) => plan.CreatorUserId == userId
        ? tokens.Mint(plan.Grant(time.GetUtcNow() + (plan.Access == RoomAccess.Named ? options.Join.TokenLife : options.Join.LinkLife)))
        : null;

    private Outcome Make(string userId, RoomJoinPayload wish, JoinGrant? grant, JoinTokenRefusal refusal, out Room? room)
    {
        room = null;
        RoomPlan? plan = grant is not null ? PlanOf(grant) : options.Join.Compatibility != V1Compatibility.Off && refusal == JoinTokenRefusal.None ? OpenPlan(wish) : null;
        if (plan is null)
        {
            metrics.JoinRefused("NoRoom");
            return Outcome.Refused(ErrorCodes.RoomNotFound, "No such room");
        }

        room = rooms.GetOrCreate(plan, out _);
        if (room is null)
        {
            metrics.JoinRefused("NodeFull");
            return Outcome.Refused(ErrorCodes.NodeFull, "No more rooms on this node", new() { Limit = options.Limits.Rooms });
        }

        // Somebody may have made it in between, by another plan.
        return room.Plan.Admits(userId) || (grant is not null && grant.CreatorUserId == room.Plan.CreatorUserId) ? Outcome.Done : Refuse("NoToken");
    }

    private RoomPlan PlanOf(JoinGrant grant)
    {
        string profile = Strictest(grant.Profile);
        bool isLink = grant.AllowedUserIds.Contains(JoinGrant.Anyone, StringComparer.Ordinal);
        return new()
        {
            RoomId = grant.RoomId,
            CallId = grant.CallId,
            CreatorUserId = grant.CreatorUserId,
            Access = isLink ? RoomAccess.Link : RoomAccess.Named,
            AllowedUserIds = isLink ? [] : grant.AllowedUserIds,
            MaxPeers = options.Limits.PeersPerRoom,
            E2eeRequired = IsRequired(profile),
            Profile = profile,
            Codecs = grant.Codecs,
        };
    }

    private RoomPlan OpenPlan(RoomJoinPayload wish) => new()
    {
        RoomId = wish.RoomId,
        CallId = wish.CallId ?? wish.RoomId,
        Access = RoomAccess.Open,
        MaxPeers = options.Limits.PeersPerRoom,
        E2eeRequired = IsRequired(options.E2ee.Profile),
        Profile = options.E2ee.Profile,
    };

    private bool IsRequired(string profile) => options.E2ee.Required || profile == RoomKeys.Profile;

    // The server's own profile is the least there is.
    private string Strictest(string? wished) => wished == RoomKeys.Profile ? wished : options.E2ee.Profile;

    private Outcome Refuse(string reason)
    {
        metrics.JoinRefused(reason);
        return Outcome.Refused(ErrorCodes.Unauthorized, "This room needs a join token of its creator", new() { Reason = reason });
    }
}
