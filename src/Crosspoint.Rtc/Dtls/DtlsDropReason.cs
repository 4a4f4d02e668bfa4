namespace Crosspoint.Rtc.Dtls;

/// <summary>Why a datagram, or data in it, was dropped; a metric label.</summary>
public enum DtlsDropReason
{
    /// <summary>The session was not started.</summary>
    NotStarted,

    /// <summary>The session has ended.</summary>
    Ended,

    /// <summary>Not a sequence of DTLS records, or one among them cannot be authentic.</summary>
    Malformed,

    /// <summary>Longer than <see cref="DtlsSessionOptions.MaxDatagram"/>.</summary>
    TooLarge,

    /// <summary>A server waits for a ClientHello, and this is none.</summary>
    NotClientHello,

    /// <summary>More encrypted records ahead of the handshake than an honest peer sends.</summary>
    TooManyEarlyRecords,

    /// <summary>Application data from a peer that is not verified.</summary>
    Unverified,

    /// <summary>Application data that nobody fetched has filled its queue.</summary>
    ReceiveQueueFull,

    /// <summary>Nobody fetches what is to be sent.</summary>
    SendQueueFull,
}
