namespace Crosspoint.Contracts.Calls;

/// <summary>What a request needs before its arguments are looked at.</summary>
public enum MessageScope
{
    /// <summary>Nothing: HELLO, AUTH, PING.</summary>
    Open,

    /// <summary>AUTH.</summary>
    Authenticated,

    /// <summary>Membership of the room.</summary>
    Member,

    /// <summary>Membership and, where encryption is required, readiness for the current epoch.</summary>
    MediaGate,
}
