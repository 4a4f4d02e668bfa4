namespace Crosspoint.Rtc.Stun;

/// <summary>The USERNAME of a connectivity check, "receiver's fragment:sender's fragment" (RFC 8445 §7.2.2).</summary>
public static class StunUsername
{
    /// <summary>Most bytes USERNAME may have (RFC 8489 §14.3).</summary>
    public const int MaxLength = 508;

    /// <summary>
    /// Peeks at the fragment that names the receiving agent, so that a first datagram finds its peer before anything is computed.
    /// Nothing is authenticated by this.
    /// </summary>
    public static bool TryReadLocalFragment(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> ufrag)
    {
        ufrag = default;
        return StunMessage.TryParse(datagram, out StunMessage message)
            && message.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username)
            && TrySplit(username, out ufrag, out _);
    }

    /// <summary>Splits at the colon; false when a side is empty or the whole is too long.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> username, out ReadOnlySpan<byte> local, out ReadOnlySpan<byte> remote)
    {
        int colon = username.IndexOf((byte)':');
        bool valid = colon > 0 && colon < username.Length - 1 && username.Length <= MaxLength;
        local = valid ? username[..colon] : default;
        remote = valid ? username[(colon + 1)..] : default;
        return valid;
    }
}
