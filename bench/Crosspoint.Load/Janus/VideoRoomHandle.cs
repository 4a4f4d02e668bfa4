using System.Text.Json.Nodes;
using Crosspoint.Load.Janus.Sdp;

namespace Crosspoint.Load.Janus;

/// <summary>One handle on the videoroom plugin. It publishes one peer's streams, or subscribes to those of others.</summary>
internal sealed class VideoRoomHandle
{
    // Given to me.
    private readonly JanusConnection _connection;
    private readonly long _session;
    private readonly long _id;

    /// <summary>A handle that Janus has given an id.</summary>
    public VideoRoomHandle(JanusConnection connection, long session, long id)
    {
        _connection = connection;
        _session = session;
        _id = id;
    }

    /// <summary>
    /// Creates a room without limits that the measured traffic could meet: any number of publishers, no bitrate cap (0),
    /// no periodic keyframe requests, and of the header extensions those that Crosspoint negotiates too (transport-wide-cc is not among them).
    /// </summary>
    public Task CreateRoomAsync(long room, CancellationToken cancellationToken) => AskAsync(
        new JsonObject
        {
            ["request"] = "create",
            ["room"] = room,
            ["publishers"] = 10_000,
            ["bitrate"] = 0,
            ["fir_freq"] = 0,
            ["audiocodec"] = "opus",
            ["videocodec"] = "vp8",
            ["require_e2ee"] = false,
            ["notify_joining"] = false,
            ["audiolevel_ext"] = true,
            ["audiolevel_event"] = false,
            ["videoorient_ext"] = true,
            ["playoutdelay_ext"] = false,
            ["transport_wide_cc_ext"] = false,
        },
        null,
        cancellationToken);

    /// <summary>Joins and publishes in one request.</summary>
    /// <returns>The publisher's id in the room, and the answer to <paramref name="offer"/>.</returns>
    public async Task<(long Feed, SdpDescription Answer)> PublishAsync(long room, SdpDescription offer, CancellationToken cancellationToken)
    {
        JsonObject body = new() { ["request"] = "joinandconfigure", ["ptype"] = "publisher", ["room"] = room };
        JsonObject reply = await AskAsync(body, Description("offer", offer), cancellationToken);
        long feed = (long?)Data(reply)["id"] ?? throw new JanusException("The videoroom gave the publisher no id.");
        return (feed, DescriptionOf(reply));
    }

    /// <summary>Completes when DTLS is through on Janus's side too; before that a publisher's streams cannot be subscribed to.</summary>
    public Task MediaMayFlow => _connection.MediaOf(_id);

    /// <summary>Asks for all streams of these publishers; Janus makes the offer, one section for each stream.</summary>
    public async Task<SdpDescription> SubscribeAsync(long room, IEnumerable<long> feeds, CancellationToken cancellationToken)
    {
        JsonArray streams = [.. feeds.Select(feed => (JsonNode)new JsonObject { ["feed"] = feed })];
        JsonObject body = new() { ["request"] = "join", ["ptype"] = "subscriber", ["room"] = room, ["autoupdate"] = false, ["streams"] = streams };
        return DescriptionOf(await AskAsync(body, null, cancellationToken));
    }

    /// <summary>Answers the offer of <see cref="SubscribeAsync"/>; media follows once ICE and DTLS are through.</summary>
    public Task StartAsync(SdpDescription answer, CancellationToken cancellationToken) =>
        AskAsync(new JsonObject { ["request"] = "start" }, Description("answer", answer), cancellationToken);

    /// <summary>Ends the peer connection and the handle.</summary>
    public Task DetachAsync(CancellationToken cancellationToken)
    {
        _connection.Forget(_id);
        return _connection.AskAsync(new JsonObject { ["janus"] = "detach", ["session_id"] = _session, ["handle_id"] = _id }, endsWithAck: false, cancellationToken);
    }

    private async Task<JsonObject> AskAsync(JsonObject body, JsonObject? description, CancellationToken cancellationToken)
    {
        JsonObject request = new() { ["janus"] = "message", ["session_id"] = _session, ["handle_id"] = _id, ["body"] = body };
        if (description is not null)
        {
            request["jsep"] = description;
        }

        JsonObject reply = await _connection.AskAsync(request, endsWithAck: false, cancellationToken);
        JsonObject data = Data(reply);
        if ((int?)data["error_code"] is { } code)
        {
            throw new JanusException(code, (string?)data["error"] ?? "");
        }

        return reply;
    }

    private static JsonObject Data(JsonObject reply) =>
        reply["plugindata"]?["data"] as JsonObject ?? throw new JanusException("The videoroom's reply has no data.");

    private static JsonObject Description(string type, SdpDescription description) =>
        new() { ["type"] = type, ["sdp"] = SdpWriter.Write(description) };

    private static SdpDescription DescriptionOf(JsonObject reply)
    {
        string text = (string?)reply["jsep"]?["sdp"] ?? throw new JanusException("Janus sent no description.");
        return SdpReader.TryRead(text, out SdpDescription? description, out string error) ? description : throw new JanusException(error);
    }
}
