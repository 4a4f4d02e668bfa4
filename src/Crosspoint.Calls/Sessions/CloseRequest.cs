using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Sessions;

/// <summary>With which code and word a socket is to be closed; the word is also the metric label.</summary>
public sealed record CloseRequest(int Code, string Reason)
{
    /// <summary>The access token expired.</summary>
    public static readonly CloseRequest TokenExpired = new(CloseCodes.TokenExpired, "TOKEN_EXPIRED");

    /// <summary>Not TLS.</summary>
    public static readonly CloseRequest SecureTransportRequired = new(CloseCodes.SecureTransportRequired, "SECURE_TRANSPORT_REQUIRED");

    /// <summary>Its queue is full.</summary>
    public static readonly CloseRequest SlowConsumer = new(CloseCodes.SlowConsumer, "SLOW_CONSUMER");

    /// <summary>The device authenticated on a new socket.</summary>
    public static readonly CloseRequest DeviceReplaced = new(CloseCodes.DeviceReplaced, "DEVICE_REPLACED");

    /// <summary>The session was resumed elsewhere.</summary>
    public static readonly CloseRequest SessionReplaced = new(CloseCodes.SessionReplaced, "SESSION_REPLACED");

    /// <summary>Silence.</summary>
    public static readonly CloseRequest HeartbeatTimeout = new(CloseCodes.HeartbeatTimeout, "HEARTBEAT_TIMEOUT");

    /// <summary>Not authenticated in time.</summary>
    public static readonly CloseRequest HandshakeTimeout = new(CloseCodes.HandshakeTimeout, "HANDSHAKE_TIMEOUT");

    /// <summary>Limits exceeded again and again.</summary>
    public static readonly CloseRequest RateLimited = new(CloseCodes.RateLimited, "RATE_LIMITED");

    /// <summary>Too many sockets from one address.</summary>
    public static readonly CloseRequest TooManyConnections = new(CloseCodes.RateLimited, "TOO_MANY_CONNECTIONS");

    /// <summary>Too many sockets on this node.</summary>
    public static readonly CloseRequest NodeFull = new(CloseCodes.TryAgainLater, "NODE_FULL");

    /// <summary>Too many wait to be let in.</summary>
    public static readonly CloseRequest JoinQueueFull = new(CloseCodes.TryAgainLater, "JOIN_QUEUE_FULL");

    /// <summary>No JSON, again and again.</summary>
    public static readonly CloseRequest MalformedFrames = new(CloseCodes.MalformedFrames, "MALFORMED_FRAMES");

    /// <summary>A binary message.</summary>
    public static readonly CloseRequest BinaryNotSupported = new(CloseCodes.UnsupportedData, "BINARY_NOT_SUPPORTED");

    /// <summary>Text that is not UTF-8.</summary>
    public static readonly CloseRequest InvalidText = new(CloseCodes.InvalidText, "INVALID_TEXT");

    /// <summary>A message above the limit.</summary>
    public static readonly CloseRequest MessageTooBig = new(CloseCodes.MessageTooBig, "MESSAGE_TOO_BIG");

    /// <summary>The server stops.</summary>
    public static readonly CloseRequest ServerShutdown = new(CloseCodes.GoingAway, "SERVER_SHUTDOWN");

    /// <summary>The server failed on this connection.</summary>
    public static readonly CloseRequest InternalError = new(CloseCodes.InternalError, "INTERNAL_ERROR");

    /// <summary>The client closed; nothing is left to say.</summary>
    public static readonly CloseRequest ClientClosed = new(CloseCodes.Normal, "CLIENT_CLOSED");
}
