namespace Crosspoint.Rtc.Ice;

/// <summary>Priorities of candidates and pairs (RFC 8445 §5.1.2, §6.1.2.3).</summary>
public static class IcePriority
{
    private const uint PeerReflexivePreference = 110;

    /// <summary>RFC 8445 §5.1.2.2's recommended type preferences: host 126, peer-reflexive 110, server-reflexive 100, relayed 0.</summary>
    public static uint TypePreference(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => 126,
        IceCandidateType.PeerReflexive => PeerReflexivePreference,
        IceCandidateType.ServerReflexive => 100,
        _ => 0,
    };

    /// <summary>2^24 · type preference + 2^8 · local preference + (256 − component).</summary>
    public static uint Of(IceCandidateType type, IceTcpType tcpType, ushort localPreference, int component)
    {
        // RFC 6544 §4.2 — TCP below UDP of the same type, and the direction in the local preference's top three bits: active 6, passive 4, so 2.
        uint preference = TypePreference(type);
        uint local = localPreference;
        if (tcpType != IceTcpType.None)
        {
            preference = preference > 20 ? preference - 20 : 0;
            uint direction = tcpType switch { IceTcpType.Active => 6, IceTcpType.Passive => 4, _ => 2 };
            local = (direction << 13) | (local >> 3);
        }

        return (preference << 24) | (local << 8) | (uint)(256 - component);
    }

    /// <summary>What PRIORITY says in a check: the local candidate's priority, had it been peer-reflexive (RFC 8445 §7.1.1).</summary>
    public static uint AsPeerReflexive(uint priority) => (PeerReflexivePreference << 24) | (priority & 0x00FF_FFFF);

    /// <summary>2^32 · min(G, D) + 2 · max(G, D) + (G > D): the same number on both sides.</summary>
    public static ulong OfPair(uint controlling, uint controlled) =>
        ((ulong)Math.Min(controlling, controlled) << 32) + (2UL * Math.Max(controlling, controlled)) + (controlling > controlled ? 1UL : 0);
}
