namespace Crosspoint.Rtc.Stun;

/// <summary>Error codes this stack answers with or reacts to (RFC 8489 §14.8, RFC 8445 §16.2). Others travel as plain numbers, 300 to 699.</summary>
public enum StunErrorCode
{
    /// <summary>Success; not a code on the wire.</summary>
    None = 0,

    /// <summary>300 Try Alternate.</summary>
    TryAlternate = 300,

    /// <summary>400 Bad Request.</summary>
    BadRequest = 400,

    /// <summary>401 Unauthenticated.</summary>
    Unauthenticated = 401,

    /// <summary>420 Unknown Attribute.</summary>
    UnknownAttribute = 420,

    /// <summary>438 Stale Nonce.</summary>
    StaleNonce = 438,

    /// <summary>487 Role Conflict.</summary>
    RoleConflict = 487,

    /// <summary>500 Server Error.</summary>
    ServerError = 500,
}

/// <summary>Reason phrases, for people who read captures.</summary>
public static class StunReasonPhrase
{
    /// <summary>The phrase as UTF-8; empty for codes without one.</summary>
    public static ReadOnlySpan<byte> For(StunErrorCode code) => code switch
    {
        StunErrorCode.TryAlternate => "Try Alternate"u8,
        StunErrorCode.BadRequest => "Bad Request"u8,
        StunErrorCode.Unauthenticated => "Unauthenticated"u8,
        StunErrorCode.UnknownAttribute => "Unknown Attribute"u8,
        StunErrorCode.StaleNonce => "Stale Nonce"u8,
        StunErrorCode.RoleConflict => "Role Conflict"u8,
        StunErrorCode.ServerError => "Server Error"u8,
        _ => default,
    };
}
