namespace Crosspoint.Rtc.Ice;

/// <summary>How a candidate was obtained (RFC 8445 §5.1.1).</summary>
public enum IceCandidateType : byte
{
    /// <summary>An address of the host, or one announced in its place.</summary>
    Host = 0,

    /// <summary>What a STUN server saw.</summary>
    ServerReflexive = 1,

    /// <summary>What the other peer saw.</summary>
    PeerReflexive = 2,

    /// <summary>An address on a TURN server.</summary>
    Relayed = 3,
}

/// <summary>Who opens the connection of a TCP candidate (RFC 6544 §4.5).</summary>
public enum IceTcpType : byte
{
    /// <summary>Not a TCP candidate.</summary>
    None = 0,

    /// <summary>Opens connections; its port is the discard port, 9.</summary>
    Active = 1,

    /// <summary>Accepts connections.</summary>
    Passive = 2,

    /// <summary>Simultaneous open.</summary>
    SimultaneousOpen = 3,
}
