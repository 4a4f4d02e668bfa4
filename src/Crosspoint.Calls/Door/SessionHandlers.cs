using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Crosspoint.Calls.Auth;
using Crosspoint.Calls.E2ee;
using Crosspoint.Calls.Media;
using Crosspoint.Calls.Options;
using Crosspoint.Calls.Sessions;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Door;

/// <summary>HELLO, AUTH, PING, E2EE_CAPS: who is there.</summary>
internal sealed partial class SessionHandlers(CallsOptions options, SessionDirectory sessions, IAccessTokenVerifier verifier, IMediaPlane media, Frames frames, CallsMetrics metrics)
{
    private const int LeastTokenCharacters = 20;

    // given to me
    private readonly CallsOptions _options = options;
    private readonly SessionDirectory _sessions = sessions;
    private readonly IAccessTokenVerifier _verifier = verifier;
    private readonly IMediaPlane _media = media;
    private readonly Frames _frames = frames;
    private readonly CallsMetrics _metrics = metrics;

    internal static ValueTask<Outcome> PingAsync(Request request) => new(Outcome.Done);

    internal async ValueTask<Outcome> HelloAsync(Request request)
    {
        if (!PayloadReader.TryRead(request.Payload, CallsJson.Default.HelloPayload, out HelloPayload? hello, out PayloadProblem? problem))
        {
            return problem.ToError();
        }

        Connection connection = request.Connection;
        if (hello.Client?.DeviceId is { } named && !DeviceText().IsMatch(named))
        {
            return BadDevice;
        }

        connection.Client = hello.Client ?? connection.Client;
        connection.DeviceId = connection.Session?.DeviceId ?? hello.Client?.DeviceId ?? connection.DeviceId;
        bool? resumed = hello.Resume?.ResumeToken is { Length: > 0 } token ? TryResume(connection, token, hello.Client?.DeviceId) : null;
        connection.DeviceId ??= "dev_" + RandomNumberGenerator.GetHexString(8, lowercase: true);

        connection.SendDirect(MessageTypes.Welcome, DescribeWelcome(_sessions.RotateToken(connection), resumed), CallsJson.Default.WelcomePayload);
        if (resumed == true && connection.Session?.Stay is { } peer)
        {
            await peer.Room.InvokeAsync(() => peer.Room.OnResumedAsync(peer, connection));
        }

        return Outcome.Done;
    }

    internal async ValueTask<Outcome> AuthAsync(Request request)
    {
        if (!PayloadReader.TryRead(request.Payload, CallsJson.Default.AuthPayload, out AuthPayload? auth, out PayloadProblem? problem))
        {
            return problem.ToError();
        }

        if (auth.AccessToken is not { Length: >= LeastTokenCharacters } token)
        {
            _metrics.Authenticated("missing");
            return Unauthenticated("An access token is needed", retryable: false);
        }

        AccessTokenResult result = await _verifier.VerifyAsync(token, CancellationToken.None);
        _metrics.Authenticated(result.IsAccepted ? "ok" : result.Refusal.ToString());
        if (!result.IsAccepted)
        {
            return result.Refusal == TokenRefusal.ProviderUnavailable
                ? Unauthenticated("The identity provider does not answer", retryable: true)
                : Unauthenticated("The access token was refused", retryable: false);
        }

        return request.Connection.Session is { } session
            ? await RenewAsync(request.Connection, session, auth, result)
            : Bind(request.Connection, auth, result);
    }

    internal ValueTask<Outcome> E2eeCapsAsync(Request request)
    {
        if (!PayloadReader.TryRead(request.Payload, CallsJson.Default.E2eeCapsPayload, out E2eeCapsPayload? caps, out PayloadProblem? problem))
        {
            return new(problem.ToError());
        }

        DeviceKeys? keys = DeviceKeys.Read(caps, out problem);
        if (problem is not null)
        {
            return new(problem.ToError());
        }

        // Kept even when refused: ROOM_JOIN judges by what was said last.
        request.Session!.Abilities = new(caps.CanTransformFrames, caps.CanSframe) { Keys = keys };
        return new(_options.E2ee.RequireSFrame && !caps.CanSframe
            ? Outcome.Refused(ErrorCodes.UnsupportedE2ee, "SFrame is required here")
            : Outcome.Done);
    }

    private bool TryResume(Connection connection, string token, string? deviceId)
    {
        if (connection.Session is not null)
        {
            return false;
        }

        Session? session = _sessions.Resume(connection, token, deviceId, out Connection? displaced);
        if (session is null)
        {
            _metrics.Resumed("refused");
            return false;
        }

        displaced?.Close(CloseRequest.SessionReplaced);
        connection.Seen = session.Seen;
        connection.WasResumed = true;
        _metrics.Resumed("ok");
        return true;
    }

    // AUTH on a connection that has its session: after a resume, or to renew the access token.
    private async ValueTask<Outcome> RenewAsync(Connection connection, Session session, AuthPayload auth, AccessTokenResult result)
    {
        if (session.UserId != result.UserId)
        {
            return Unauthenticated("This connection belongs to another user", retryable: false);
        }

        if (auth.Client?.DeviceId is { } named && named != session.DeviceId)
        {
            return OtherDevice;
        }

        session.TokenExpiresAt = result.ExpiresAt?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        SendAuthOk(connection, session, connection.WasResumed ? true : null);
        if (connection.WasResumed && session.Stay is { } peer)
        {
            await peer.Room.InvokeAsync(() => peer.Room.OnResumedAsync(peer, connection));
        }

        return Outcome.Done;
    }

    private Outcome Bind(Connection connection, AuthPayload auth, AccessTokenResult result)
    {
        string deviceId = auth.Client?.DeviceId ?? connection.DeviceId ?? "dev_" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        if (!DeviceText().IsMatch(deviceId))
        {
            return BadDevice;
        }

        Session? session = _sessions.Open(connection, result.UserId!, deviceId, out Replaced? replaced);
        if (session is null)
        {
            _metrics.Authenticated("device_in_use");
            return Outcome.Refused(ErrorCodes.ValidationFailed, "This device belongs to another user", new() { Field = "$.client.deviceId", Reason = "DEVICE_ID_IN_USE" });
        }

        connection.DeviceId = deviceId;
        session.TokenExpiresAt = result.ExpiresAt?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        if (replaced is not null)
        {
            replaced.Connection?.Close(CloseRequest.DeviceReplaced);
            if (replaced.Session.Stay is { } stay)
            {
                stay.Room.Post(() => stay.Room.LeaveAsync(stay, PeerLeftReason.Replaced));
            }
        }

        SendAuthOk(connection, session, resumed: null);
        return Outcome.Done;
    }

    private static void SendAuthOk(Connection connection, Session session, bool? resumed) => connection.SendDirect(
        MessageTypes.AuthOk,
        new() { UserId = session.UserId, DeviceId = session.DeviceId, Resumed = resumed, RoomId = resumed == true ? session.Stay?.Room.Id : null },
        CallsJson.Default.AuthOkPayload);

    private WelcomePayload DescribeWelcome(string resumeToken, bool? resumed) => new()
    {
        ServerTime = _frames.Now,
        HeartbeatSec = (int)_options.Sessions.Heartbeat.TotalSeconds,
        ResumeToken = resumeToken,
        Resumed = resumed,
        Features = new()
        {
            WsSeqRequired = true,
            E2eeRequiredDefault = _options.E2ee.Required,
            SframeRequired = _options.E2ee.RequireSFrame,
            SfuEnabled = true,
            MediaPlane = _media.Mode == MediaPlaneMode.Native ? "native" : "fallback",
            ResumeGraceSec = (int)_options.Sessions.Grace.TotalSeconds,
            JoinTokenRequired = _options.Join.Compatibility != V1Compatibility.Open,
            E2eeProfiles = _options.E2ee.Profile == RoomKeys.Profile ? [RoomKeys.Profile] : [RoomEpoch.Profile, RoomKeys.Profile],
            MaxFrameBytes = _options.Limits.MaxFrameBytes,
            MaxCommitFrameBytes = LimitOptions.MaxCommitFrameBytes,
        },
    };

    private static Outcome Unauthenticated(string message, bool retryable) =>
        AckError.Of(ErrorCodes.Unauthenticated, message) with { Retryable = retryable };

    private static Outcome BadDevice => Outcome.Refused(
        ErrorCodes.ValidationFailed, "A device id has 6 to 128 letters, digits or . _ : -", new() { Field = "$.client.deviceId" });

    private static Outcome OtherDevice => Outcome.Refused(
        ErrorCodes.ValidationFailed, "This connection is bound to another device", new() { Field = "$.client.deviceId", Reason = "DEVICE_ID_MISMATCH" });

    [GeneratedRegex("^[A-Za-z0-9._:-]{6,128}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DeviceText();
}
