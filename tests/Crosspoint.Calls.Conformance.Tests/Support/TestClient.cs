using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crosspoint.Calls.Conformance.Tests.Support;

/// <summary>A client that hides nothing: it sends what it is told and shows every frame that came, in order.</summary>
public sealed class TestClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly ClientWebSocket _socket;
    private readonly List<Frame> _pending = [];

    private TestClient(ClientWebSocket socket) => _socket = socket;

    /// <summary>Every frame received, in order.</summary>
    public List<Frame> Received { get; } = [];

    public long Seq { get; set; }

    public string? ResumeToken { get; private set; }

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public static async Task<TestClient> ConnectAsync(Uri uri, params (string Name, string Value)[] headers)
    {
        ClientWebSocket socket = new();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        foreach ((string name, string value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        using CancellationTokenSource limit = new(Patience);
        await socket.ConnectAsync(uri, limit.Token);
        return new(socket);
    }

    public static string TokenOf(string user) => user.PadRight(20, '_');

    public static string UserIdOf(string user) => "dev_" + TokenOf(user)[..20];

    public async Task<Reply> HelloAsync(string? deviceId, string? resumeToken = null)
    {
        Reply reply = await RequestAsync("HELLO", new
        {
            client = deviceId is null ? null : new { platform = "web", appVersion = "1.0.0", deviceId },
            resume = resumeToken is null ? null : new { resumeToken },
        });
        if (reply.Ok)
        {
            ResumeToken = reply["WELCOME"].GetProperty("resumeToken").GetString();
        }

        return reply;
    }

    public async Task<Reply> AuthAsync(string user)
    {
        Reply reply = await RequestAsync("AUTH", new { accessToken = TokenOf(user) });
        Assert.True(reply.Ok, reply.ToString());
        return reply;
    }

    /// <summary>Sends a request and collects what came until its ACK.</summary>
    public async Task<Reply> RequestAsync(string type, object? payload = null, string? msgId = null)
    {
        string id = await SendAsync(type, payload, msgId);
        return await ReplyToAsync(id);
    }

    public async Task<Reply> ReplyToAsync(string msgId)
    {
        List<Frame> events = [];
        while (true)
        {
            Frame frame = await NextAsync($"the ACK of {msgId}");
            if (frame.Type == "ACK" && frame.Root.GetProperty("ack").GetProperty("ackOfMsgId").GetString() == msgId)
            {
                _pending.AddRange(events.Where(one => one.Seq is null));
                return new(frame.Root, events);
            }

            events.Add(frame);
        }
    }

    public async Task<string> SendAsync(string type, object? payload = null, string? msgId = null, long? seq = null)
    {
        msgId ??= Guid.NewGuid().ToString();
        await SendTextAsync(JsonSerializer.Serialize(new { v = 1, type, msgId, ts = 1_700_000_000_000, seq = seq ?? ++Seq, payload = payload ?? new { } }, Json));
        return msgId;
    }

    public Task SendTextAsync(string text) => SendRawAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public async Task SendRawAsync(byte[] bytes, WebSocketMessageType type, bool endOfMessage = true)
    {
        using CancellationTokenSource limit = new(Patience);
        await _socket.SendAsync(bytes, type, endOfMessage, limit.Token);
    }

    /// <summary>The next broadcast of a type, one that came already included.</summary>
    public async Task<Frame> EventAsync(string type)
    {
        int known = _pending.FindIndex(frame => frame.Type == type);
        if (known >= 0)
        {
            Frame found = _pending[known];
            _pending.RemoveAt(known);
            return found;
        }

        while (true)
        {
            Frame frame = await NextAsync(type);
            if (frame.Type == type)
            {
                return frame;
            }

            _pending.Add(frame);
        }
    }

    /// <summary>True when nothing of that type has come by the time the server answered a PING sent now.</summary>
    public async Task<bool> HasNoAsync(string type)
    {
        Reply ping = await RequestAsync("PING");
        Assert.True(ping.Ok);
        return _pending.TrueForAll(frame => frame.Type != type) && ping.Events.All(frame => frame.Type != type);
    }

    /// <summary>Waits for the server to close; the code and the reason.</summary>
    public async Task<(int Code, string Reason)> ClosedAsync()
    {
        while (await ReceiveAsync("the server's close") is { } frame)
        {
            _pending.Add(frame);
        }

        if (_socket.State == WebSocketState.CloseReceived)
        {
            using CancellationTokenSource limit = new(Patience);
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            }
            catch (WebSocketException)
            {
                // After a protocol error the server does not wait for the answer.
            }
        }

        return ((int)_socket.CloseStatus!.Value, _socket.CloseStatusDescription ?? "");
    }

    /// <summary>Closes with a code and waits until the server has closed, too.</summary>
    public async Task CloseAsync(int code = 1000)
    {
        using CancellationTokenSource limit = new(Patience);
        await _socket.CloseAsync((WebSocketCloseStatus)code, null, limit.Token);
    }

    /// <summary>Cuts the line.</summary>
    public void Cut() => _socket.Abort();

    public void Dispose() => _socket.Dispose();

    private async Task<Frame> NextAsync(string waitingFor) =>
        await ReceiveAsync(waitingFor) ?? throw new InvalidOperationException($"closed with {_socket.CloseStatus} {_socket.CloseStatusDescription} while waiting for {waitingFor}");

    private async Task<Frame?> ReceiveAsync(string waitingFor)
    {
        using CancellationTokenSource limit = new(Patience);
        using MemoryStream message = new();
        byte[] buffer = new byte[16_384];
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                message.Write(buffer, 0, received.Count);
                if (received.EndOfMessage)
                {
                    Frame frame = new(JsonElement.Parse(message.ToArray()));
                    Received.Add(frame);
                    return frame;
                }
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"waited {Patience.TotalSeconds} s for {waitingFor}; came: {string.Join(' ', Received.Select(frame => frame.Type))}", exception);
        }
    }
}

/// <summary>One frame.</summary>
public sealed record Frame(JsonElement Root)
{
    public string Type => Root.GetProperty("type").GetString()!;

    public long? Seq => Root.TryGetProperty("seq", out JsonElement seq) ? seq.GetInt64() : null;

    public JsonElement Payload => Root.GetProperty("payload");

    public override string ToString() => Root.GetRawText();
}

/// <summary>What a request led to.</summary>
public sealed record Reply(JsonElement AckFrame, IReadOnlyList<Frame> Events)
{
    public JsonElement Ack => AckFrame.GetProperty("ack");

    public bool Ok => Ack.GetProperty("ok").GetBoolean();

    public string Code => Ack.GetProperty("error").GetProperty("code").GetString()!;

    public bool Retryable => Ack.GetProperty("error").GetProperty("retryable").GetBoolean();

    public JsonElement Details => Ack.GetProperty("error").GetProperty("details");

    public string[] Types => [.. Events.Select(frame => frame.Type)];

    /// <summary>The payload of the first event of a type.</summary>
    public JsonElement this[string type] => Events.First(frame => frame.Type == type).Payload;

    public override string ToString() => AckFrame.GetRawText() + " after " + string.Join(' ', Types);
}
