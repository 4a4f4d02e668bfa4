using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.CallsClient;

/// <summary>
/// A small client of the calls door: one request at a time, and of everything else only the awaited answer is read, so that a thousand of them
/// fit into one process (docs/protocol/calls.md).
/// </summary>
/// <remarks>One caller; a reader task completes what it waits for.</remarks>
public sealed class CallsDoorClient : IAsyncDisposable
{
    // Given to me.
    private readonly TimeSpan _answerLimit;

    // Made by me.
    private readonly ClientWebSocket _socket = new();
    private readonly ArrayBufferWriter<byte> _frame = new(1024);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _sending = new(1);

    // State.
    private Task _reading = Task.CompletedTask;
    private string _awaitedMessage = "";
    private string? _awaitedType;
    private JsonElement _answer;
    private TaskCompletionSource<AckError?>? _acknowledged;
    private long _seq;

    private CallsDoorClient(CallsDoorClientOptions options)
    {
        _answerLimit = options.AnswerLimit;
        _socket.Options.KeepAliveInterval = options.KeepAliveInterval;
    }

    /// <summary>Everything that comes and is no ACK, type and whole frame, on the reader's task; the frame's bytes are the caller's only during the call. Null when nobody listens.</summary>
    public Action<string, ReadOnlyMemory<byte>>? Heard { get; set; }

    /// <summary>Opens the door and signs in.</summary>
    /// <param name="door">The door's address, ws or wss.</param>
    /// <param name="accessToken">Who it is.</param>
    /// <param name="options">What it says of itself, and limits.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="DoorException">The door refused.</exception>
    public static async Task<CallsDoorClient> OpenAsync(Uri door, string accessToken, CallsDoorClientOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        CallsDoorClient client = new(options);
        try
        {
            await client._socket.ConnectAsync(door, cancellationToken);
            client._reading = client.ReadAsync();
            await client.RequestAsync(MessageTypes.Hello, new HelloPayload { Client = options.Client }, CallsJson.Default.HelloPayload, cancellationToken);
            await client.RequestAsync(MessageTypes.Auth, new AuthPayload { AccessToken = accessToken }, CallsJson.Default.AuthPayload, cancellationToken);
            await client.RequestAsync(MessageTypes.E2eeCaps, options.Encryption, CallsJson.Default.E2eeCapsPayload, cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a room that anybody may enter who has its token; answers that.</summary>
    public async Task<string?> CreateRoomAsync(string room, CancellationToken cancellationToken)
    {
        RoomCreatedPayload created = await AskAsync(
            MessageTypes.RoomCreate, new RoomCreatePayload { RoomId = room, AllowedUserIds = [] }, CallsJson.Default.RoomCreatePayload,
            MessageTypes.RoomCreated, CallsJson.Default.RoomCreatedPayload, cancellationToken);
        return created.JoinToken;
    }

    /// <summary>Enters a room.</summary>
    public Task<RoomJoinOkPayload> JoinAsync(string room, string? joinToken, CancellationToken cancellationToken) => AskAsync(
        MessageTypes.RoomJoin, new RoomJoinPayload { RoomId = room, JoinToken = joinToken }, CallsJson.Default.RoomJoinPayload,
        MessageTypes.RoomJoinOk, CallsJson.Default.RoomJoinOkPayload, cancellationToken);

    /// <summary>Says that it has the keys of an epoch, in rooms without group keys.</summary>
    public Task ReadyAsync(long epoch, CancellationToken cancellationToken) =>
        RequestAsync(MessageTypes.E2eeReady, new E2eeReadyPayload { Epoch = epoch }, CallsJson.Default.E2eeReadyPayload, cancellationToken);

    /// <summary>Sends a request and reads the frame of <paramref name="replyType"/> that comes before its ACK.</summary>
    /// <exception cref="DoorException">The door refused, closed, or acknowledged without that frame.</exception>
    public async Task<TReply> AskAsync<TRequest, TReply>(
        string type, TRequest payload, JsonTypeInfo<TRequest> requestInfo, string replyType, JsonTypeInfo<TReply> replyInfo, CancellationToken cancellationToken)
    {
        await RequestAsync(type, payload, requestInfo, replyType, cancellationToken);
        return _answer.ValueKind == JsonValueKind.Object
            ? _answer.Deserialize(replyInfo)!
            : throw new DoorException(type, $"was acknowledged without {replyType}");
    }

    /// <summary>Sends a request and waits for its ACK.</summary>
    /// <exception cref="DoorException">The door refused or closed.</exception>
    /// <exception cref="TimeoutException">It did not answer in <see cref="CallsDoorClientOptions.AnswerLimit"/>.</exception>
    public Task RequestAsync<T>(string type, T payload, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken) =>
        RequestAsync(type, payload, typeInfo, replyType: null, cancellationToken);

    /// <summary>Says something whose ACK nobody waits for; when the socket closes, whoever does wait for something hears of it.</summary>
    public async Task TellAsync<T>(string type, T payload, JsonTypeInfo<T> typeInfo)
    {
        try
        {
            await SendAsync(type, Guid.NewGuid(), payload, typeInfo, CancellationToken.None);
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It left.
        }
    }

    /// <inheritdoc/>
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

        _socket.Dispose();
    }

    private async Task RequestAsync<T>(string type, T payload, JsonTypeInfo<T> typeInfo, string? replyType, CancellationToken cancellationToken)
    {
        Guid id = Guid.NewGuid();
        TaskCompletionSource<AckError?> acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            (_awaitedMessage, _awaitedType, _answer, _acknowledged) = (id.ToString(), replyType, default, acknowledged);
        }

        await SendAsync(type, id, payload, typeInfo, cancellationToken);
        if (_reading.IsCompleted)
        {
            acknowledged.TrySetException(Closed());
        }

        AckError? error = await acknowledged.Task.WaitAsync(_answerLimit, cancellationToken);
        if (error is not null)
        {
            throw new DoorException(type, $"{error.Code} {error.Message}");
        }
    }

    private async Task SendAsync<T>(string type, Guid id, T payload, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            _frame.ResetWrittenCount();
            EnvelopeWriter.Write(_frame, type, id, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), ++_seq, payload, typeInfo);
            await _socket.SendAsync(_frame.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[8 * 1024];
        try
        {
            while (true)
            {
                int length = 0;
                while (true)
                {
                    ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                    if (part.MessageType == WebSocketMessageType.Close)
                    {
                        return;
                    }

                    if (part.EndOfMessage)
                    {
                        break;
                    }

                    if (length == buffer.Length)
                    {
                        Array.Resize(ref buffer, buffer.Length * 2);
                    }
                }

                Take(buffer.AsMemory(0, length));
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever waits is told below.
        }
        finally
        {
            lock (_lock)
            {
                _acknowledged?.TrySetException(Closed());
            }
        }
    }

    private void Take(ReadOnlyMemory<byte> frame)
    {
        string type = FrameType.Of(frame.Span);
        if (type != MessageTypes.Ack)
        {
            Heard?.Invoke(type, frame);
        }

        lock (_lock)
        {
            if (type == MessageTypes.Ack)
            {
                Ack? ack = JsonSerializer.Deserialize(frame.Span, CallsJson.Default.Envelope)!.Ack;
                if (ack is not null && ack.AckOfMsgId == _awaitedMessage)
                {
                    _acknowledged?.TrySetResult(ack.Ok ? null : ack.Error);
                }
            }
            else if (type == _awaitedType)
            {
                _answer = JsonSerializer.Deserialize(frame.Span, CallsJson.Default.Envelope)!.Payload ?? default;
            }
        }
    }

    private DoorException Closed() => new("socket", $"closed with {(int?)_socket.CloseStatus} {_socket.CloseStatusDescription}");
}
