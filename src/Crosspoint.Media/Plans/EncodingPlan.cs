using Crosspoint.Rtc;

namespace Crosspoint.Media.Plans;

/// <summary>One RTP stream of a producer and how its packets are recognised.</summary>
/// <param name="Ssrc">The declared SSRC; <see cref="Rtc.Ssrc.None"/> when it is learned from RID or MID.</param>
/// <param name="RtxSsrc">The declared SSRC of its retransmissions; none when there are none or they are learned.</param>
/// <param name="Rid">RtpStreamId in ASCII; empty when the encoding has none.</param>
public sealed record EncodingPlan(Ssrc Ssrc, Ssrc RtxSsrc, ReadOnlyMemory<byte> Rid)
{
    /// <summary>Temporal layers that its sender announced; 1 when it announced nothing.</summary>
    public int TemporalLayers { get; init; } = 1;

    /// <summary>True when its sender announced layers to choose from.</summary>
    public bool IsLayered { get; init; }

    /// <summary>True when packets must be recognised by a header extension.</summary>
    public bool IsLearned => Ssrc == Ssrc.None;
}
