using Crosspoint.Contracts.Calls;

namespace Crosspoint.CallsClient;

/// <summary>How a client of the calls door signs in, and how long it waits.</summary>
public sealed record CallsDoorClientOptions
{
    /// <summary>What HELLO says of the client.</summary>
    public required ClientInfo Client { get; init; }

    /// <summary>What it says of its encryption; a client that need not read frames says what a page of the first profile says.</summary>
    public E2eeCapsPayload Encryption { get; init; } = new() { InsertableStreams = true, Sframe = true };

    /// <summary>How long a request waits for its ACK. 30 s: a server that a thousand join at once answers late, and one that never does must be told of.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often an idle socket says that it is alive; zero for never. 30 s, because proxies close what is silent for a minute.
    /// A timer a socket is what it costs: those who open thousands on one machine need none.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(30);
}
