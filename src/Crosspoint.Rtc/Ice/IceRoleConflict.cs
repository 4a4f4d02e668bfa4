using Crosspoint.Rtc.Stun;

namespace Crosspoint.Rtc.Ice;

/// <summary>What to do about the role a check claims.</summary>
internal enum IceRoleVerdict : byte
{
    /// <summary>The roles differ, as they should.</summary>
    Agreed,

    /// <summary>We change role and answer as if nothing had happened.</summary>
    Switch,

    /// <summary>The peer has to change: 487.</summary>
    Refuse,
}

/// <summary>Detects and repairs role conflicts (RFC 8445 §7.3.1.1).</summary>
internal static class IceRoleConflict
{
    public static IceRoleVerdict Judge(in StunMessage request, IceMode mode, IceRole role, ulong tieBreaker)
    {
        StunAttributeType same = role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled;
        if (!request.TryGetUInt64(same, out ulong theirs))
        {
            return IceRoleVerdict.Agreed;
        }

        // A lite agent cannot control, whatever the tie-breakers say (RFC 8445 §6.1.1): the full one has to.
        if (mode == IceMode.Lite)
        {
            return IceRoleVerdict.Refuse;
        }

        // The larger tie-breaker controls; a tie is ours.
        bool weControl = tieBreaker >= theirs;
        return weControl == (role == IceRole.Controlling) ? IceRoleVerdict.Refuse : IceRoleVerdict.Switch;
    }
}
