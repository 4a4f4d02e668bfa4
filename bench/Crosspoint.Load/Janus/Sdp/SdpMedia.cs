namespace Crosspoint.Load.Janus.Sdp;

/// <summary>One m-section: a stream of audio or video.</summary>
internal sealed record SdpMedia
{
    /// <summary>"audio" or "video"; "application" is carried through, never made.</summary>
    public required string Kind { get; init; }

    /// <summary>The section's id (RFC 5888 §4).</summary>
    public required string Mid { get; init; }

    /// <summary>Which way, seen from the writer.</summary>
    public SdpDirection Direction { get; init; }

    /// <summary>True when the section has port 0 and is not bundled: refused.</summary>
    public bool IsRejected { get; init; }

    /// <summary>Payload types in the order of preference of the m-line.</summary>
    public IReadOnlyList<SdpCodec> Codecs { get; init; } = [];

    /// <summary>Header extensions.</summary>
    public IReadOnlyList<SdpExtension> Extensions { get; init; } = [];

    /// <summary>The SSRCs of <c>a=ssrc</c>, each once, in the order they appear.</summary>
    public IReadOnlyList<uint> Ssrcs { get; init; } = [];

    /// <summary>Pairs of <c>a=ssrc-group:FID</c>: media and its retransmissions (RFC 5576 §4.2).</summary>
    public IReadOnlyList<(uint Media, uint Repair)> RepairGroups { get; init; } = [];

    /// <summary>The CNAME of <c>a=ssrc</c>; empty without one.</summary>
    public string Cname { get; init; } = "";

    /// <summary>The media: the first SSRC that repairs no other; null when none is told.</summary>
    public uint? MediaSsrc
    {
        get
        {
            foreach (uint ssrc in Ssrcs)
            {
                if (!RepairGroups.Any(group => group.Repair == ssrc))
                {
                    return ssrc;
                }
            }

            return null;
        }
    }

    /// <summary>The retransmissions of <see cref="MediaSsrc"/>; null without.</summary>
    public uint? RepairSsrc
    {
        get
        {
            foreach ((uint media, uint repair) in RepairGroups)
            {
                if (media == MediaSsrc)
                {
                    return repair;
                }
            }

            return null;
        }
    }
}
