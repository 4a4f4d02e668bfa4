using System.Text.Json.Nodes;

namespace Crosspoint.Load.Janus;

/// <summary>A session of the Janus API, kept alive until it is disposed; handles are attached to it.</summary>
internal sealed class JanusSession : IAsyncDisposable
{
    // Janus ends a session after 60 s of silence by default.
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(20);

    // Given to me.
    private readonly JanusConnection _connection;
    private readonly long _id;

    // Made by me.
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _keepingAlive;

    private JanusSession(JanusConnection connection, long id)
    {
        _connection = connection;
        _id = id;
        _keepingAlive = KeepAliveAsync();
    }

    /// <summary>Creates a session. The connection stays the caller's.</summary>
    public static async Task<JanusSession> CreateAsync(JanusConnection connection, CancellationToken cancellationToken)
    {
        JsonObject reply = await connection.AskAsync(new JsonObject { ["janus"] = "create" }, endsWithAck: false, cancellationToken);
        return new JanusSession(connection, IdOf(reply));
    }

    /// <summary>Attaches a handle to the videoroom plugin: one peer connection.</summary>
    public async Task<VideoRoomHandle> AttachAsync(CancellationToken cancellationToken)
    {
        JsonObject request = new() { ["janus"] = "attach", ["session_id"] = _id, ["plugin"] = "janus.plugin.videoroom" };
        JsonObject reply = await _connection.AskAsync(request, endsWithAck: false, cancellationToken);
        return new VideoRoomHandle(_connection, _id, IdOf(reply));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _keepingAlive;
        _stopping.Dispose();
    }

    private async Task KeepAliveAsync()
    {
        using PeriodicTimer timer = new(KeepAliveInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                await _connection.AskAsync(new JsonObject { ["janus"] = "keepalive", ["session_id"] = _id }, endsWithAck: true, _stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or JanusException or System.Net.WebSockets.WebSocketException)
        {
            // Stopped, or the connection is gone: whoever asks next is told.
        }
    }

    private static long IdOf(JsonObject reply) =>
        (long?)reply["data"]?["id"] ?? throw new JanusException("Janus gave no id.");
}
