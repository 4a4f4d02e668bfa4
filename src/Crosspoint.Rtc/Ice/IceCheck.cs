using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>One connectivity check: a STUN transaction on a pair (RFC 8445 §7.2). Role and flags are those of its first transmission, so that retransmissions are equal.</summary>
internal sealed class IceCheck
{
    public required StunTransactionId Id { get; init; }

    public required IceGeneration Generation { get; init; }

    public required IceCandidatePair Pair { get; init; }

    public required IceRole Role { get; init; }

    public required ulong TieBreaker { get; init; }

    public required bool UseCandidate { get; init; }

    /// <summary>A consent check is sent once and its loss does not fail the pair (RFC 7675 §5.1).</summary>
    public required bool IsConsent { get; init; }

    public required Instant SentAt { get; init; }

    public int Transmissions { get; set; } = 1;

    public TimeSpan RetransmissionTimeout { get; set; }

    /// <summary>When it is sent again, or given up.</summary>
    public Instant NextAt { get; set; }

    /// <summary>No longer retransmitted and no longer able to fail its pair; a late success still counts (RFC 8445 §7.3.1.4).</summary>
    public bool IsCancelled { get; set; }
}
