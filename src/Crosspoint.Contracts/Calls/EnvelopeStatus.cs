namespace Crosspoint.Contracts.Calls;

/// <summary>What reading a client frame found; the order is that of the input pipeline.</summary>
public enum EnvelopeStatus
{
    /// <summary>A frame to go on with.</summary>
    Ok,

    /// <summary>Not JSON, or nested too deeply: dropped in silence.</summary>
    NotJson,

    /// <summary>JSON but no frame: refused with VALIDATION_FAILED "Invalid envelope".</summary>
    InvalidEnvelope,

    /// <summary>Carries <c>ack</c>: ignored.</summary>
    AckFrame,

    /// <summary><c>seq</c> is missing or no whole number from 1: refused with VALIDATION_FAILED.</summary>
    InvalidSeq,
}
