namespace Crosspoint.Contracts.Calls;

/// <summary>What each close code means and what a client does then: the one table.</summary>
public static class CloseCatalogue
{
    /// <summary>All codes the server closes with; 1013 and 4029 have two reasons each.</summary>
    public static IReadOnlyList<CloseCode> All { get; } =
    [
        new(CloseCodes.Normal, "NORMAL", false, "The client closed, or left and is done."),
        new(CloseCodes.GoingAway, "SERVER_SHUTDOWN", true, "The server is stopping or being drained: try the next endpoint."),
        new(CloseCodes.UnsupportedData, "BINARY_NOT_SUPPORTED", false, "A binary message; frames are text."),
        new(CloseCodes.InvalidText, "INVALID_TEXT", false, "Text that is not UTF-8."),
        new(CloseCodes.MessageTooBig, "MESSAGE_TOO_BIG", false, "A message above the frame limit (WELCOME.features.maxFrameBytes)."),
        new(CloseCodes.InternalError, "INTERNAL_ERROR", true, "The server failed on this connection."),
        new(CloseCodes.TokenExpired, "TOKEN_EXPIRED", false, "The access token expired or was withdrawn; AUTH_FAIL precedes it. Connect again with a new token."),
        new(CloseCodes.SecureTransportRequired, "SECURE_TRANSPORT_REQUIRED", false, "The connection must be wss."),
        new(CloseCodes.TryAgainLater, "NODE_FULL", true, "The node has as many sockets as it may: try the next endpoint."),
        new(CloseCodes.TryAgainLater, "JOIN_QUEUE_FULL", true, "More wait to be let in than may: try the next endpoint, or come back after some seconds."),
        new(CloseCodes.MalformedFrames, "MALFORMED_FRAMES", false, "Text that is no JSON, again and again."),
        new(CloseCodes.SlowConsumer, "SLOW_CONSUMER", true, "The client did not read what it was sent; its send queue ran full."),
        new(CloseCodes.DeviceReplaced, "DEVICE_REPLACED", false, "The same device connected again; this is the old connection."),
        new(CloseCodes.SessionReplaced, "SESSION_REPLACED", false, "This session was resumed on another socket; this is the old one."),
        new(CloseCodes.HeartbeatTimeout, "HEARTBEAT_TIMEOUT", true, "Nothing was heard from the client for too long."),
        new(CloseCodes.HandshakeTimeout, "HANDSHAKE_TIMEOUT", true, "HELLO and AUTH did not come in time."),
        new(CloseCodes.RateLimited, "TOO_MANY_CONNECTIONS", true, "Too many sockets from this address."),
        new(CloseCodes.RateLimited, "RATE_LIMITED", true, "Rate limits were exceeded again and again."),
    ];
}
