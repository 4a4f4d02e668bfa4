using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Cli.Smoke;

/// <summary>The calls door refused a request.</summary>
internal sealed class DoorException(string type, string code, string message) : Exception($"{type}: {code} {message}");

/// <summary>A small client of the calls door: one request at a time, answers matched by message id (docs/protocol/calls.md).</summary>
/// <remarks>One caller; a reader task completes what it waits for.</remarks>
internal sealed class CallsDoorClient : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<AckError?>> _waiting = new(StringComparer.Ordinal);
    private readonly List<(string Type, JsonElement Payload)> _frames = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;
    private long _seq;

    /// <summary>Called for each frame that is not an ACK, on the reader's task.</summary>
    public Action<string, JsonElement>? FrameReceived { get; set; }

    /// <summary>The room this client is in.</summary>
    public string RoomId { get; private set; } = "";

    /// <summary>Opens the door and signs in.</summary>
    public static async Task<CallsDoorClient> OpenAsync(Uri endpoint, string accessToken, string deviceId, CancellationToken cancellationToken)
    {
        CallsDoorClient client = new();
        try
        {
            await client._socket.ConnectAsync(endpoint, cancellationToken);
            client._reading = client.ReadAsync();
            ClientInfo info = new() { Platform = "cli", AppVersion = "smoke", DeviceId = deviceId };
            await client.RequestAsync(MessageTypes.Hello, new HelloPayload { Client = info }, CallsJson.Default.HelloPayload, cancellationToken);
            await client.RequestAsync(MessageTypes.Auth, new AuthPayload { AccessToken = accessToken }, CallsJson.Default.AuthPayload, cancellationToken);
            await client.RequestAsync(
                MessageTypes.E2eeCaps, new E2eeCapsPayload { InsertableStreams = true, Sframe = true }, CallsJson.Default.E2eeCapsPayload, cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks a development server for a token.</summary>
    public static async Task<string> DevelopmentTokenAsync(Uri endpoint, string name, CancellationToken cancellationToken)
    {
        UriBuilder address = new(endpoint) { Scheme = endpoint.Scheme == "wss" ? "https" : "http", Path = "/api/dev/token" };
        using HttpClient http = new();
        using HttpResponseMessage response = await http.PostAsJsonAsync(address.Uri, new Dictionary<string, string> { ["name"] = name }, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{address.Uri} answered {(int)response.StatusCode}: give an access token with --token or CALLS_SMOKE_ACCESS_TOKEN.");
        }

        JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return body.GetProperty("accessToken").GetString()!;
    }

    /// <summary>Makes a room; answers its join token.</summary>
    public async Task<string?> CreateRoomAsync(string roomId, IReadOnlyList<string> allowedUserIds, CancellationToken cancellationToken)
    {
        RoomCreatedPayload created = await AskAsync(
            MessageTypes.RoomCreate, new RoomCreatePayload { RoomId = roomId, AllowedUserIds = allowedUserIds }, CallsJson.Default.RoomCreatePayload,
            MessageTypes.RoomCreated, CallsJson.Default.RoomCreatedPayload, cancellationToken);
        return created.JoinToken;
    }

    /// <summary>Enters a room and declares readiness for its epoch.</summary>
    public async Task<RoomJoinOkPayload> JoinAsync(string roomId, string? joinToken, CancellationToken cancellationToken)
    {
        RoomId = roomId;
        RoomJoinOkPayload joined = await AskAsync(
            MessageTypes.RoomJoin, new RoomJoinPayload { RoomId = roomId, JoinToken = joinToken }, CallsJson.Default.RoomJoinPayload,
            MessageTypes.RoomJoinOk, CallsJson.Default.RoomJoinOkPayload, cancellationToken);
        await RequestAsync(MessageTypes.E2eeReady, new E2eeReadyPayload { Epoch = joined.Epoch }, CallsJson.Default.E2eeReadyPayload, cancellationToken);
        return joined;
    }

    /// <summary>Leaves the room, so that nobody waits for this peer to come back; what stands in the way is ignored.</summary>
    public async Task LeaveAsync()
    {
        try
        {
            await RequestAsync(MessageTypes.RoomLeave, new RoomLeavePayload(), CallsJson.Default.RoomLeavePayload, _stop.Token);
        }
        catch (Exception exception) when (exception is DoorException or WebSocketException or TimeoutException or OperationCanceledException or InvalidOperationException)
        {
            // The socket is gone or the room is: either way nobody waits.
        }
    }

    /// <summary>Sends a request and returns the payload of the frame of <paramref name="replyType"/> that comes before its ACK.</summary>
    public async Task<TReply> AskAsync<TRequest, TReply>(
        string type, TRequest payload, JsonTypeInfo<TRequest> requestInfo, string replyType, JsonTypeInfo<TReply> replyInfo, CancellationToken cancellationToken)
    {
        int from;
        lock (_frames)
        {
            from = _frames.Count;
        }

        await RequestAsync(type, payload, requestInfo, cancellationToken);
        lock (_frames)
        {
            for (int i = _frames.Count - 1; i >= from; i--)
            {
                if (_frames[i].Type == replyType)
                {
                    return _frames[i].Payload.Deserialize(replyInfo)!;
                }
            }
        }

        throw new DoorException(type, "PROTOCOL", $"was acknowledged without {replyType}");
    }

    /// <summary>Sends a request and waits for its ACK.</summary>
    /// <exception cref="DoorException">The door refused.</exception>
    public async Task RequestAsync<T>(string type, T payload, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
    {
        Guid msgId = Guid.NewGuid();
        TaskCompletionSource<AckError?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[msgId.ToString()] = answer;
        ArrayBufferWriter<byte> frame = new();
        EnvelopeWriter.Write(frame, type, msgId, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), ++_seq, payload, typeInfo);
        await _socket.SendAsync(frame.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        AckError? error = await answer.Task.WaitAsync(AnswerLimit, cancellationToken);
        if (error is not null)
        {
            throw new DoorException(type, error.Code, error.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State == WebSocketState.Open)
            {
                using CancellationTokenSource limit = new(TimeSpan.FromSeconds(2));
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
                await _reading.WaitAsync(limit.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // It is closing anyway.
        }

        await _stop.CancelAsync();
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[1 << 20];
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                Take(JsonSerializer.Deserialize(buffer.AsSpan(0, length), CallsJson.Default.Envelope)!);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // What waits below is told.
        }

        foreach (TaskCompletionSource<AckError?> waiting in _waiting.Values)
        {
            waiting.TrySetException(new DoorException("socket", "CLOSED", $"closed with {(int?)_socket.CloseStatus} {_socket.CloseStatusDescription}"));
        }
    }

    private void Take(Envelope frame)
    {
        if (frame.Ack is { } ack)
        {
            if (_waiting.TryRemove(ack.AckOfMsgId, out TaskCompletionSource<AckError?>? answer))
            {
                answer.TrySetResult(ack.Ok ? null : ack.Error);
            }

            return;
        }

        JsonElement payload = frame.Payload ?? default;
        lock (_frames)
        {
            _frames.Add((frame.Type, payload));
        }

        FrameReceived?.Invoke(frame.Type, payload);
    }
}
