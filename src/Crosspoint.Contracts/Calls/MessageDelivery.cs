namespace Crosspoint.Contracts.Calls;

/// <summary>How a server frame reaches its receiver.</summary>
public enum MessageDelivery
{
    /// <summary>The server never sends it.</summary>
    None,

    /// <summary>An answer to the connection's own request; carries the next <c>seq</c>.</summary>
    Direct,

    /// <summary>Caused by someone else or by the server; carries no <c>seq</c>.</summary>
    Broadcast,

    /// <summary>The outcome of a request; carries no <c>seq</c>.</summary>
    Ack,
}
