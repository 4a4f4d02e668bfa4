using System.Buffers;
using Crosspoint.Calls.Rooms;
using Crosspoint.Calls.Sessions;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Door;

/// <summary>E2EE_READY, E2EE_SYNC, E2EE_FAULT, REKEY_*, KEY_PACKAGE, KEY_ACK, in either profile. Key material is relayed, never read.</summary>
internal sealed class E2eeHandlers(Frames frames, CallsMetrics metrics)
{
    private const int LeastKeyCharacters = 24;
    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=");

    internal static ValueTask<Outcome> ReadyAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.E2eeReadyPayload, (peer, payload) => peer.Room.Keys is { } keys ? keys.ReadyAsync(peer, payload) : new(peer.Room.Rekeys.Ready(peer, payload.Epoch)));

    internal static ValueTask<Outcome> RekeyBeginAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.RekeyBeginPayload, (peer, payload) => new(peer.Room.Keys is null ? peer.Room.Rekeys.Begin(peer, payload) : NoLease));

    internal static ValueTask<Outcome> RekeyCommitAsync(Request request) => RoomScope.AsMemberAsync(
        request, CallsJson.Default.RekeyCommitPayload, (peer, payload) => peer.Room.Keys is { } keys ? keys.CommitAsync(peer, payload) : new(peer.Room.Rekeys.Commit(peer, payload)));

    internal static ValueTask<Outcome> RekeyRequestAsync(Request request) => RoomScope.AsMemberAsync(request, CallsJson.Default.RekeyRequestPayload, (peer, payload) => peer.Room.Keys is { } keys ? keys.RequestAsync(peer, payload) : new(OtherProfile));

    internal static ValueTask<Outcome> SyncAsync(Request request) => RoomScope.AsMemberAsync(request, CallsJson.Default.E2eeSyncPayload, (peer, payload) => peer.Room.Keys is { } keys ? keys.SyncAsync(peer, payload) : new(OtherProfile));

    internal static ValueTask<Outcome> FaultAsync(Request request) => RoomScope.AsMemberAsync(request, CallsJson.Default.E2eeFaultPayload, (peer, payload) => peer.Room.Keys is { } keys ? keys.FaultAsync(peer, payload) : new(OtherProfile));

    internal async ValueTask<Outcome> KeyPackageAsync(Request request) => Rename(
        await RoomScope.AsMemberAsync(request, CallsJson.Default.KeyPackagePayload, (peer, payload) => new(RelayPackage(peer, payload))), ErrorCodes.KeyPackageInvalid);

    internal async ValueTask<Outcome> KeyAckAsync(Request request)
    {
        Outcome outcome = Rename(
            await RoomScope.AsMemberAsync(request, CallsJson.Default.KeyAckPayload, (peer, payload) => new(RelayAck(peer, payload))), ErrorCodes.KeyAckInvalid);
        metrics.KeyAcked(outcome.Error is null ? "relayed" : "invalid");
        return outcome;
    }

    private static Outcome NoLease => Outcome.Refused(ErrorCodes.E2eeLeaseInvalid, "The server begins the rekeys of this room");

    private static Outcome OtherProfile => Outcome.Refused(ErrorCodes.UnsupportedE2ee, "The members lead the rekeys of this room", new() { Reason = "PROFILE" });

    private Outcome RelayPackage(Peer sender, KeyPackagePayload payload)
    {
        KeyPackagePayload relayed = payload with { RoomId = sender.Room.Id, FromDeviceId = sender.DeviceId };
        if (payload.EffectiveTarget is not { } target)
        {
            sender.Room.Broadcast(MessageTypes.KeyPackage, relayed, CallsJson.Default.KeyPackagePayload, except: sender);
            return Outcome.Done;
        }

        if (payload.Epoch is null || payload.Ciphertext is not { Length: >= LeastKeyCharacters } || !IsKeyText(payload.Sig) || !IsKeyText(payload.SenderPublicKey))
        {
            return Outcome.Refused(ErrorCodes.KeyPackageInvalid, "epoch, ciphertext, sig and senderPublicKey are needed");
        }

        Peer? receiver = sender.Room.Peers.FirstOrDefault(peer => peer.DeviceId == target);
        return receiver switch
        {
            null => Outcome.Refused(ErrorCodes.KeyPackageTargetNotFound, "No such device in the room"),
            { Connection: null } => Outcome.Refused(ErrorCodes.KeyPackageTargetOffline, "The device is away"),
            _ => Deliver(receiver, frames.Write(MessageTypes.KeyPackage, null, relayed, CallsJson.Default.KeyPackagePayload)),
        };
    }

    private Outcome RelayAck(Peer sender, KeyAckPayload payload)
    {
        if (payload.Epoch is null || (payload.FromDeviceId is { } named && named != sender.DeviceId))
        {
            return Outcome.Refused(ErrorCodes.KeyAckInvalid, "epoch is needed, and fromDeviceId must be the sender's own");
        }

        KeyAckPayload relayed = payload with { RoomId = sender.Room.Id, FromDeviceId = sender.DeviceId };
        if (payload.EffectiveTarget is not { } target)
        {
            sender.Room.Broadcast(MessageTypes.KeyAck, relayed, CallsJson.Default.KeyAckPayload, except: sender);
            return Outcome.Done;
        }

        // An acknowledgement to somebody who is gone has no one left to care: done.
        Peer? receiver = sender.Room.Peers.FirstOrDefault(peer => peer.DeviceId == target);
        return receiver is null ? Outcome.Done : Deliver(receiver, frames.Write(MessageTypes.KeyAck, null, relayed, CallsJson.Default.KeyAckPayload));
    }

    private static Outcome Deliver(Peer receiver, byte[] frame)
    {
        receiver.Connection?.Send(frame);
        return Outcome.Done;
    }

    // These two have error codes of their own for what is wrong in their payload.
    private static Outcome Rename(Outcome outcome, string code) =>
        outcome.Error is { Code: ErrorCodes.ValidationFailed } error ? new(error with { Code = code }) : outcome;

    private static bool IsKeyText(string? text) => text is { Length: >= LeastKeyCharacters } && !text.AsSpan().ContainsAnyExcept(Base64);
}
