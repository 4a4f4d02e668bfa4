namespace Crosspoint.Load.Janus.Sdp;

/// <summary><c>a=setup</c>: who begins the DTLS handshake (RFC 8842 §5.2).</summary>
internal enum SdpSetup : byte
{
    /// <summary>An offer that leaves it to the answer.</summary>
    ActPass = 0,

    /// <summary>The DTLS client.</summary>
    Active = 1,

    /// <summary>The DTLS server.</summary>
    Passive = 2,
}
