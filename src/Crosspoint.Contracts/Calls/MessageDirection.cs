namespace Crosspoint.Contracts.Calls;

/// <summary>Who sends a message.</summary>
[Flags]
public enum MessageDirection
{
    /// <summary>The client.</summary>
    ClientToServer = 1,

    /// <summary>The server.</summary>
    ServerToClient = 2,

    /// <summary>The client, and the server relays it.</summary>
    Both = ClientToServer | ServerToClient,
}
