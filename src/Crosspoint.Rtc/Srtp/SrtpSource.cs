namespace Crosspoint.Rtc.Srtp;

/// <summary>What one direction remembers of one SSRC (RFC 3711 §3.2.3: its cryptographic context beyond the shared keys).</summary>
internal struct SrtpSource
{
    public uint Ssrc;
    public bool IsUsed;

    /// <summary>RTP packet indices; its highest carries the roll-over counter.</summary>
    public ReplayWindow Rtp;

    /// <summary>SRTCP indices received, or sent: the next is the highest plus one.</summary>
    public ReplayWindow Rtcp;
}
