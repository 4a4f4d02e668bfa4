using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crosspoint.Load.Janus;

/// <summary>
/// The Janus API over one WebSocket (sub-protocol <c>janus-protocol</c>): requests are matched with their replies by transaction.
/// </summary>
/// <remarks>Any thread may ask; one task reads.</remarks>
internal sealed class JanusConnection : IAsyncDisposable
{
    // Made by me.
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _media = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _reading = Task.CompletedTask;

    // State.
    private long _lastTransaction;
    private volatile Exception? _failure;

    private JanusConnection()
    {
        _socket.Options.AddSubProtocol("janus-protocol");
    }

    /// <summary>Connects; fails when nobody listens there.</summary>
    /// <exception cref="WebSocketException">No connection, or not a Janus.</exception>
    public static async Task<JanusConnection> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        JanusConnection connection = new();
        try
        {
            await connection._socket.ConnectAsync(address, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        connection._reading = Task.Run(connection.ReadAsync, CancellationToken.None);
        return connection;
    }

    /// <summary>
    /// Sends a request and returns what finally answers it. Janus acknowledges what a plugin does in its own time and sends
    /// an event later; with <paramref name="endsWithAck"/> the acknowledgement is already the answer.
    /// </summary>
    /// <exception cref="JanusException">Refused, or the connection is gone.</exception>
    public async Task<JsonObject> AskAsync(JsonObject request, bool endsWithAck, CancellationToken cancellationToken)
    {
        string transaction = Interlocked.Increment(ref _lastTransaction).ToString(CultureInfo.InvariantCulture);
        request["transaction"] = transaction;
        Pending pending = new(endsWithAck);
        _pending[transaction] = pending;
        try
        {
            await SendAsync(request, cancellationToken);
            if (_failure is { } failure)
            {
                throw new JanusException("The connection to Janus is gone.", failure);
            }

            return await pending.Reply.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _pending.TryRemove(transaction, out _);
        }
    }

    /// <summary>Completes when Janus says that media may flow on a handle (<c>webrtcup</c>).</summary>
    public Task MediaOf(long handle) => _media.GetOrAdd(handle, static _ => NewSignal()).Task;

    /// <summary>The handle is gone.</summary>
    public void Forget(long handle) => _media.TryRemove(handle, out _);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
        _stopping.Dispose();
    }

    private async Task SendAsync(JsonObject request, CancellationToken cancellationToken)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(request);
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            using MemoryStream message = new();
            while (true)
            {
                ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), _stopping.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    throw new JanusException("Janus closed the connection.");
                }

                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Take(message.GetBuffer().AsSpan(0, (int)message.Length));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or JanusException or JsonException)
        {
            FailAll(e);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (JsonNode.Parse(bytes) is not JsonObject message)
        {
            return;
        }

        if ((string?)message["transaction"] is { } transaction && _pending.TryGetValue(transaction, out Pending? pending))
        {
            Answer(pending, message);
        }
        else if ((string?)message["janus"] == "webrtcup" && (long?)message["sender"] is { } handle)
        {
            _media.GetOrAdd(handle, static _ => NewSignal()).TrySetResult();
        }

        // Other news (media, hangup, others' joining) nobody here waits for: what became of a leg its own stack says.
    }

    private static void Answer(Pending pending, JsonObject message)
    {
        switch ((string?)message["janus"])
        {
            case "ack" when !pending.EndsWithAck:
                break;
            case "error":
                pending.Reply.TrySetException(new JanusException((int?)message["error"]?["code"] ?? 0, (string?)message["error"]?["reason"] ?? ""));
                break;
            default:
                pending.Reply.TrySetResult(message);
                break;
        }
    }

    private void FailAll(Exception cause)
    {
        _failure = cause;
        foreach (Pending pending in _pending.Values)
        {
            pending.Reply.TrySetException(new JanusException("The connection to Janus is gone.", cause));
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Pending(bool endsWithAck)
    {
        public bool EndsWithAck { get; } = endsWithAck;

        public TaskCompletionSource<JsonObject> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
