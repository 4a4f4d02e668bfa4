namespace Crosspoint.Contracts.Calls;

/// <summary>WebSocket close codes. <see cref="CloseCatalogue"/> says what each means.</summary>
public static class CloseCodes
{
    /// <summary>Done (RFC 6455).</summary>
    public const int Normal = 1000;

    /// <summary>The server is going away (RFC 6455).</summary>
    public const int GoingAway = 1001;

    /// <summary>A binary message (RFC 6455).</summary>
    public const int UnsupportedData = 1003;

    /// <summary>Text that is not UTF-8 (RFC 6455).</summary>
    public const int InvalidText = 1007;

    /// <summary>A message above the frame limit (RFC 6455).</summary>
    public const int MessageTooBig = 1009;

    /// <summary>The server failed (RFC 6455).</summary>
    public const int InternalError = 1011;

    /// <summary>The user may no longer use this connection; AUTH_FAIL precedes it.</summary>
    public const int TokenExpired = 4001;

    /// <summary>The connection is not TLS and must be.</summary>
    public const int SecureTransportRequired = 4003;

    /// <summary>No more sockets here just now (IANA registry of RFC 6455).</summary>
    public const int TryAgainLater = 1013;

    /// <summary>Text that is no JSON, again and again.</summary>
    public const int MalformedFrames = 4007;

    /// <summary>The client does not read what it is sent.</summary>
    public const int SlowConsumer = 4008;

    /// <summary>The same device connected again.</summary>
    public const int DeviceReplaced = 4009;

    /// <summary>The session was resumed on another socket.</summary>
    public const int SessionReplaced = 4010;

    /// <summary>Nothing was heard for too long.</summary>
    public const int HeartbeatTimeout = 4011;

    /// <summary>HELLO and AUTH did not come in time.</summary>
    public const int HandshakeTimeout = 4012;

    /// <summary>Too many connections from one address, or rate limits exceeded again and again.</summary>
    public const int RateLimited = 4029;
}
