using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>The STUN messages of ICE: checks (RFC 8445 §7.2.2) and their answers (§7.3.1).</summary>
internal static class IceMessages
{
    private const int UnknownSlots = 4;
    private const ulong ReservedType = 0x7FFF;

    // Attributes a check may carry that must be understood. An array: a span literal of enums allocates in unoptimised code.
    private static readonly StunAttributeType[] Known =
    [
        StunAttributeType.Username, StunAttributeType.MessageIntegrity, StunAttributeType.MessageIntegritySha256,
        StunAttributeType.Priority, StunAttributeType.UseCandidate, StunAttributeType.PasswordAlgorithm, StunAttributeType.Userhash,
    ];

    public static int WriteCheck(Span<byte> into, IceCheck check)
    {
        var writer = new StunWriter(into, StunClass.Request, StunMethod.Binding, check.Id);
        writer.Add(StunAttributeType.Username, check.Generation.Username);
        writer.AddUInt32(StunAttributeType.Priority, IcePriority.AsPeerReflexive(check.Pair.Local.Priority));
        writer.AddUInt64(check.Role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled, check.TieBreaker);
        if (check.UseCandidate)
        {
            writer.AddFlag(StunAttributeType.UseCandidate);
        }

        writer.AddMessageIntegrity(check.Generation.Remote!.Key);
        writer.AddFingerprint();
        return writer.TryFinish(out int length) ? length : 0;
    }

    public static int WriteResponse(Span<byte> into, in IceResponse response)
    {
        bool success = response.Error == StunErrorCode.None;
        var writer = new StunWriter(into, success ? StunClass.Success : StunClass.Error, StunMethod.Binding, response.Id);
        if (success)
        {
            writer.AddXorAddress(StunAttributeType.XorMappedAddress, response.Path.Remote);
        }
        else
        {
            writer.AddErrorCode(response.Error);
        }

        if (response.Error == StunErrorCode.UnknownAttribute)
        {
            Span<ushort> types = stackalloc ushort[UnknownSlots];
            writer.AddUnknownAttributes(types[..Unpack(response.UnknownAttributes, types)]);
        }

        // RFC 8489 §9.1.4 — the answer uses the algorithm of the request; before authentication there is no key to use.
        if (response.Key is not null && response.Sha256)
        {
            writer.AddMessageIntegritySha256(response.Key);
        }
        else if (response.Key is not null)
        {
            writer.AddMessageIntegrity(response.Key);
        }

        writer.AddFingerprint();
        return writer.TryFinish(out int length) ? length : 0;
    }

    /// <summary>Up to four unknown attribute types in one word; zero when there is none. More would tell the peer nothing it does not know.</summary>
    public static ulong PackUnknown(in StunMessage message)
    {
        Span<ushort> types = stackalloc ushort[UnknownSlots];
        int count = message.FindUnknownRequired(Known, types);
        ulong packed = 0;
        for (int i = 0; i < count; i++)
        {
            packed |= (ulong)types[i] << (16 * i);
        }

        return count > 0 && packed == 0 ? ReservedType : packed; // type 0 alone: refused all the same
    }

    private static int Unpack(ulong packed, Span<ushort> types)
    {
        int count = 0;
        for (; packed != 0 && count < UnknownSlots; packed >>= 16)
        {
            types[count++] = (ushort)packed;
        }

        return count;
    }
}
