using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>What the gate found about a request.</summary>
internal readonly record struct IceRequestVerdict(IceDropReason Reason, StunErrorCode Error, IceGeneration? Generation, ulong UnknownAttributes = 0)
{
    public bool IsAccepted => Reason == IceDropReason.None;
}

/// <summary>
/// Decides whether a Binding request is a check of our peer, cheapest question first, so that a flood costs a comparison and not an HMAC:
/// (parse and fingerprint come before) attributes, username, integrity (RFC 8489 §9.1.3), unknown attributes, then what ICE wants.
/// </summary>
internal static class IceRequestGate
{
    public static IceRequestVerdict Examine(in StunMessage request, IceGeneration current, IceGeneration? previous)
    {
        if (!request.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username) || !(request.HasMessageIntegrity || request.HasMessageIntegritySha256))
        {
            return new(IceDropReason.CredentialsMissing, StunErrorCode.BadRequest, null);
        }

        IceGeneration? generation = Find(username, current, previous);
        if (generation is null)
        {
            return new(IceDropReason.UnknownUsername, StunErrorCode.Unauthenticated, null);
        }

        if (StunIntegrity.Verify(request, generation.Local.Key) != StunIntegrityResult.Ok)
        {
            return new(IceDropReason.IntegrityMismatch, StunErrorCode.Unauthenticated, null);
        }

        ulong unknown = IceMessages.PackUnknown(request);
        if (unknown != 0)
        {
            return new(IceDropReason.UnknownAttribute, StunErrorCode.UnknownAttribute, generation, unknown);
        }

        bool bothRoles = request.TryGet(StunAttributeType.IceControlling, out _) && request.TryGet(StunAttributeType.IceControlled, out _);
        return bothRoles || !request.TryGetUInt32(StunAttributeType.Priority, out _)
            ? new(IceDropReason.BadRequest, StunErrorCode.BadRequest, generation)
            : new(IceDropReason.None, StunErrorCode.None, generation);
    }

    // The fragment is public, so an ordinary comparison does.
    private static IceGeneration? Find(ReadOnlySpan<byte> username, IceGeneration current, IceGeneration? previous)
    {
        if (!StunUsername.TrySplit(username, out ReadOnlySpan<byte> ours, out _))
        {
            return null;
        }

        return ours.SequenceEqual(current.Local.UsernameFragmentBytes) ? current
            : previous is not null && ours.SequenceEqual(previous.Local.UsernameFragmentBytes) ? previous
            : null;
    }
}
