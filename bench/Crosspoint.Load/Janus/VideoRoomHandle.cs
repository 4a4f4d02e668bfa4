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
    public Task CreateRoomAsync(long room, CancellationToken cancellation) => AskAsync(
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
        cancellation);

    /// <summary>Joins and publishes in one request.</summary>
    /// <returns>The publisher's id in the room, and the answer to <paramref name="offer"/>.</returns>
    public async Task<(long Feed, SdpDescription Answer)> PublishAsync(long room, SdpDescription offer, CancellationToken cancellation)
    {
        JsonObject body = new() { ["request"] = "joinandconfigure", ["ptype"] = "publisher", ["room"] = room };
        JsonObject reply = await AskAsync(body, Description("offer", offer), cancellation);
        long feed = (long?)Data(reply)["id"] ?? throw new JanusException("The videoroom gave the publisher no id.");
        return (feed, DescriptionOf(reply));
    }

    /// <summary>Asks for all streams of these publishers; Janus makes the offer.</summary>
    /// <returns>The offer, and for each of its sections the publisher it comes from.</returns>
    public async Task<(SdpDescription Offer, IReadOnlyList<long> FeedOfSection)> SubscribeAsync(long room, IEnumerable<long> feeds, CancellationToken cancellation)
    {
        JsonArray streams = [.. feeds.Select(feed => (JsonNode)new JsonObject { ["feed"] = feed })];
        JsonObject body = new() { ["request"] = "join", ["ptype"] = "subscriber", ["room"] = room, ["autoupdate"] = false, ["streams"] = streams };
        JsonObject reply = await AskAsync(body, null, cancellation);
        SdpDescription offer = DescriptionOf(reply);
        long[] feedOfSection = new long[offer.Media.Count];
        foreach (JsonNode? stream in Data(reply)["streams"]?.AsArray() ?? [])
        {
            int section = (int?)stream?["mindex"] ?? -1;
            if (section >= 0 && section < feedOfSection.Length)
            {
                feedOfSection[section] = (long?)stream!["feed_id"] ?? 0;
            }
        }

        return (offer, feedOfSection);
    }

    /// <summary>Answers the offer of <see cref="SubscribeAsync"/>; media follows once ICE and DTLS are through.</summary>
    public Task StartAsync(SdpDescription answer, CancellationToken cancellation) =>
        AskAsync(new JsonObject { ["request"] = "start" }, Description("answer", answer), cancellation);

    /// <summary>Ends the peer connection and the handle.</summary>
    public Task DetachAsync(CancellationToken cancellation) =>
        _connection.AskAsync(new JsonObject { ["janus"] = "detach", ["session_id"] = _session, ["handle_id"] = _id }, endsWithAck: false, cancellation);

    private async Task<JsonObject> AskAsync(JsonObject body, JsonObject? description, CancellationToken cancellation)
    {
        JsonObject request = new() { ["janus"] = "message", ["session_id"] = _session, ["handle_id"] = _id, ["body"] = body };
        if (description is not null)
        {
            request["jsep"] = description;
        }

        JsonObject reply = await _connection.AskAsync(request, endsWithAck: false, cancellation);
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
