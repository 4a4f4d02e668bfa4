using System.Net;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Crosspoint.Calls.Limits;
using Crosspoint.Calls.Options;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Sessions;

/// <summary>One socket, without the socket: what came in on it and what waits to go out.</summary>
/// <remarks>
/// The read loop owns the input side (seq, duplicates, rates, session). Any thread may send or close; both never block.
/// The socket's writer empties <see cref="Outbound"/>, which ends after <see cref="Close"/>.
/// </remarks>
public sealed class Connection
{
    // given to me
    private readonly Frames _frames;
    private readonly LimitOptions _limits;
    private readonly TimeProvider _time;

    // made by me
    private readonly Channel<byte[]> _outbound;
    private readonly Lock _sending = new();
    private readonly TaskCompletionSource<CloseRequest> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // state
    private long _lastServerSeq;
    private long _outboundBytes;
    private long _lastHeardAt;
    private CloseRequest? _close;

    /// <summary>For a socket that was admitted.</summary>
    public Connection(IPAddress address, Frames frames, LimitOptions limits, RateRule[] rates, TimeProvider time)
    {
        Address = address;
        (_frames, _limits, _time) = (frames, limits, time);
        _outbound = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(limits.OutboundFrames) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        Rates = new(rates, time);
        OpenedAt = _lastHeardAt = time.GetTimestamp();
    }

    /// <summary>Where it comes from.</summary>
    public IPAddress Address { get; }

    /// <summary>Timestamp of the opening.</summary>
    public long OpenedAt { get; }

    /// <summary>Frames for the socket, whole JSON texts, in order.</summary>
    public ChannelReader<byte[]> Outbound => _outbound.Reader;

    /// <summary>How the socket is to be closed, once somebody decided to.</summary>
    public CloseRequest? CloseRequested => Volatile.Read(ref _close);

    /// <summary>Completes when the socket is to be closed.</summary>
    public Task<CloseRequest> Closing => _closed.Task;

    /// <summary>The largest message it may send now: more as a member of a room whose commits carry a tree. Any thread.</summary>
    public int MaxMessageBytes => Session?.Stay?.Room.Keys is null ? _limits.MaxFrameBytes : Math.Max(_limits.MaxFrameBytes, LimitOptions.MaxCommitFrameBytes);

    /// <summary>Bytes waiting.</summary>
    public long OutboundBytes => Interlocked.Read(ref _outboundBytes);

    /// <summary>Time since the last message.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Interlocked.Read(ref _lastHeardAt));

    /// <summary>Time since the opening.</summary>
    public TimeSpan Age => _time.GetElapsedTime(OpenedAt);

    // --- the input side, owned by the read loop ---

    internal RateCounter Rates { get; }

    internal DuplicateWindow Seen { get; set; } = new();

    internal long LastClientSeq { get; set; }

    internal int MalformedFrames { get; set; }

    internal ClientInfo? Client { get; set; }

    internal string? DeviceId { get; set; }

    internal Tokens.ResumeTokenHash? PendingResume { get; set; }

    internal bool WasResumed { get; set; }

    /// <summary>The session, after AUTH or a resume. Written by the read loop, read by the sweeper.</summary>
    internal volatile Session? Session;

    internal void Heard() => Interlocked.Exchange(ref _lastHeardAt, _time.GetTimestamp());

    // --- the output side, any thread ---

    /// <summary>Sends an answer to this connection's own request, with the next seq.</summary>
    public void SendDirect<T>(string type, T payload, JsonTypeInfo<T> typeInfo)
    {
        // One lock around number and queue: on the wire the numbers stand in order.
        lock (_sending)
        {
            Enqueue(_frames.Write(type, ++_lastServerSeq, payload, typeInfo));
        }
    }

    /// <summary>Sends a frame that is written already and carries no seq.</summary>
    public void Send(byte[] frame) => Enqueue(frame);

    /// <summary>Answers a request; the last frame it causes.</summary>
    public void SendAck(string ackOfMsgId, Door.Outcome outcome) => Enqueue(_frames.Ack(ackOfMsgId, outcome.Error, outcome.Payload));

    /// <summary>Says that the access token is no longer good; the close follows.</summary>
    internal void SendAuthFail(Frames frames) =>
        Send(frames.Write(MessageTypes.AuthFail, null, new() { Reason = "TOKEN_EXPIRED", Retryable = true }, CallsJson.Default.AuthFailPayload));

    /// <summary>Asks for the socket to be closed; the first reason stands. What is queued still goes out, except to a slow consumer.</summary>
    public bool Close(CloseRequest request)
    {
        if (Interlocked.CompareExchange(ref _close, request, null) is not null)
        {
            return false;
        }

        _outbound.Writer.TryComplete();
        _closed.SetResult(request);
        return true;
    }

    /// <summary>The writer says that these bytes left.</summary>
    internal void Sent(int bytes) => Interlocked.Add(ref _outboundBytes, -bytes);

    private void Enqueue(byte[] frame)
    {
        if (Interlocked.Add(ref _outboundBytes, frame.Length) <= _limits.OutboundBytes && _outbound.Writer.TryWrite(frame))
        {
            return;
        }

        Interlocked.Add(ref _outboundBytes, -frame.Length);
        Close(CloseRequest.SlowConsumer);
    }
}
