namespace Crosspoint.Rtc.Ice;

/// <summary>Why a datagram had no effect on an agent, in the order in which it is looked at. A metric label.</summary>
public enum IceDropReason : byte
{
    /// <summary>Not dropped.</summary>
    None = 0,

    /// <summary>Not a well-formed STUN message.</summary>
    Malformed = 1,

    /// <summary>The agent is closed or has failed.</summary>
    Closed = 2,

    /// <summary>A method other than Binding.</summary>
    UnexpectedMethod = 3,

    /// <summary>No FINGERPRINT, which ICE demands (RFC 8445 §7.1).</summary>
    FingerprintMissing = 4,

    /// <summary>FINGERPRINT is wrong.</summary>
    FingerprintMismatch = 5,

    /// <summary>A request without USERNAME or MESSAGE-INTEGRITY; answered 400.</summary>
    CredentialsMissing = 6,

    /// <summary>USERNAME does not begin with our fragment; answered 401.</summary>
    UnknownUsername = 7,

    /// <summary>MESSAGE-INTEGRITY is wrong; a request is answered 401, a response is ignored.</summary>
    IntegrityMismatch = 8,

    /// <summary>A response without MESSAGE-INTEGRITY.</summary>
    IntegrityMissing = 9,

    /// <summary>Comprehension-required attributes we do not know; answered 420.</summary>
    UnknownAttribute = 10,

    /// <summary>A request without PRIORITY, or claiming both roles; answered 400.</summary>
    BadRequest = 11,

    /// <summary>A role conflict that the peer has to resolve; answered 487.</summary>
    RoleConflict = 12,

    /// <summary>The local address is not the base of any local candidate.</summary>
    UnknownLocalAddress = 13,

    /// <summary>A response to no transaction of ours, or to one that is over.</summary>
    UnknownTransaction = 14,

    /// <summary>A response from elsewhere than the request went (RFC 8445 §7.2.5.2.1); the check failed.</summary>
    AsymmetricResponse = 15,

    /// <summary>A success response without XOR-MAPPED-ADDRESS.</summary>
    BadResponse = 16,

    /// <summary>The limit on remote candidates or pairs is reached.</summary>
    TooManyCandidates = 17,

    /// <summary>More answers are waiting than the owner fetched.</summary>
    ResponseQueueFull = 18,
}

/// <summary>Whether a datagram had an effect.</summary>
/// <param name="Reason"><see cref="IceDropReason.None"/> when it had.</param>
public readonly record struct IceHandleResult(IceDropReason Reason)
{
    /// <summary>True when the datagram had no effect, other than possibly an error response.</summary>
    public bool IsDropped => Reason != IceDropReason.None;
}
