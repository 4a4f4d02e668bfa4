using System.Buffers;
using System.Net.WebSockets;
using Crosspoint.Calls.Door;
using Crosspoint.Calls.Sessions;

namespace Crosspoint.Server.Endpoints;

/// <summary>Moves messages between one WebSocket and its <see cref="Connection"/>, and sees both ends through their closing.</summary>
/// <remarks>One reader and one writer; the door is told of the end once, as soon as it is decided.</remarks>
internal sealed class SocketPump(WebSocket socket, Connection connection, CallsDoor door)
{
    // What a connection holds while it waits: most messages fit, and those of a join grow it for their time.
    private const int FirstBuffer = 1024;

    // The closing handshake gets this long, then the socket is cut: a client that is gone does not answer.
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(3);

    // given to me
    private readonly WebSocket _socket = socket;
    private readonly Connection _connection = connection;
    private readonly CallsDoor _door = door;

    // state
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _filled;
    private Task<ValueWebSocketReceiveResult>? _receiving;
    private int? _clientCode;

    /// <summary>Closes a socket that was not let in.</summary>
    internal static async Task RefuseAsync(WebSocket socket, CloseRequest refusal)
    {
        using CancellationTokenSource limit = new(ClosingTime);
        try
        {
            await socket.CloseAsync((WebSocketCloseStatus)refusal.Code, refusal.Reason, limit.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort();
        }
    }

    /// <summary>Runs until the socket is closed both ways or cut.</summary>
    internal async Task RunAsync()
    {
        Task writing = WriteAsync();
        await ReadAsync();
        _door.OnClosed(_connection, _clientCode);
        using CancellationTokenSource limit = new(ClosingTime);
        await using (limit.Token.Register(_socket.Abort))
        {
            await writing;
            await AwaitClientCloseAsync();
        }

        ArrayPool<byte>.Shared.Return(_buffer);
    }

    // --- in ---

    private async Task ReadAsync()
    {
        try
        {
            while (_connection.CloseRequested is null && await ReceiveMessageAsync())
            {
                await _door.OnTextAsync(_connection, _buffer.AsMemory(0, _filled));
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // Text that is not UTF-8 makes the socket fault; everything else is a line that broke.
            if (exception is WebSocketException { WebSocketErrorCode: WebSocketError.Faulted })
            {
                _connection.Close(CloseRequest.InvalidText);
            }
        }
    }

    // True with a whole text message in the buffer; false when there will be no more.
    private async Task<bool> ReceiveMessageAsync()
    {
        _filled = 0;
        Shrink();
        while (true)
        {
            ValueWebSocketReceiveResult? result = await ReceiveAsync();
            if (result is not { } received)
            {
                return false;
            }

            if (received.MessageType == WebSocketMessageType.Close)
            {
                _clientCode = (int?)_socket.CloseStatus;
                return false;
            }

            _filled += received.Count;
            CloseRequest? objection = received.MessageType == WebSocketMessageType.Binary ? CloseRequest.BinaryNotSupported
                : _filled > _connection.MaxMessageBytes ? CloseRequest.MessageTooBig
                : null;
            if (objection is not null)
            {
                _connection.Close(objection);
                return false;
            }

            if (received.EndOfMessage)
            {
                return true;
            }
        }
    }

    // Null when the connection was closed from our side. A receive cannot be cancelled without cutting the socket, so it stays pending.
    private async Task<ValueWebSocketReceiveResult?> ReceiveAsync()
    {
        Grow();
        ValueTask<ValueWebSocketReceiveResult> receiving = _socket.ReceiveAsync(_buffer.AsMemory(_filled), CancellationToken.None);
        if (receiving.IsCompletedSuccessfully)
        {
            return receiving.Result;
        }

        _receiving = receiving.AsTask();
        if (await Task.WhenAny(_receiving, _connection.Closing) != _receiving)
        {
            return null;
        }

        ValueWebSocketReceiveResult result = await _receiving;
        _receiving = null;
        return result;
    }

    private void Shrink()
    {
        if (_buffer.Length > FirstBuffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        }
    }

    private void Grow()
    {
        if (_filled < _buffer.Length)
        {
            return;
        }

        // One byte above the limit is enough to know that a message is too big.
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(_buffer.Length * 2, Math.Max(_connection.MaxMessageBytes + 1, _buffer.Length + 1)));
        _buffer.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private async Task AwaitClientCloseAsync()
    {
        try
        {
            if (_receiving is { } pending && (await pending).MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            while (_socket.State is WebSocketState.Open or WebSocketState.CloseSent)
            {
                // What still comes in is thrown away.
                if ((await _socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None)).MessageType == WebSocketMessageType.Close)
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // cut: nothing is left to wait for
        }
    }

    // --- out ---

    private async Task WriteAsync()
    {
        try
        {
            await foreach (byte[] frame in _connection.Outbound.ReadAllAsync())
            {
                await _socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                _door.OnSent(_connection, frame.Length);
            }

            CloseRequest request = _connection.CloseRequested!;
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                bool clientFirst = request == CloseRequest.ClientClosed;
                await _socket.CloseOutputAsync(
                    clientFirst ? WebSocketCloseStatus.NormalClosure : (WebSocketCloseStatus)request.Code, clientFirst ? null : request.Reason, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The line broke or was cut; the reader finds out, too. Whatever is queued has nobody to go to.
            _connection.Close(CloseRequest.ClientClosed);
        }
    }
}
