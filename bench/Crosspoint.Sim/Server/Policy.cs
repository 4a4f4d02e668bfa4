using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Sim.Server;

/// <summary>How much of the engine is at work, for comparison. What is left out is left out by negotiation, as a lesser client would.</summary>
internal sealed record Policy(string Name, bool Adapts, bool TransportFeedback, bool ForwardCorrection)
{
    /// <summary>A forwarder: everything goes to everybody, whatever the network carries; losses are still repaired by RTX.</summary>
    public static readonly Policy Plain = new("plain", Adapts: false, TransportFeedback: false, ForwardCorrection: false);

    /// <summary>Adapts by the receiver's estimate alone (REMB).</summary>
    public static readonly Policy Remb = new("remb", Adapts: true, TransportFeedback: false, ForwardCorrection: false);

    /// <summary>All there is.</summary>
    public static readonly Policy Full = new("full", Adapts: true, TransportFeedback: true, ForwardCorrection: true);

    /// <summary>All there is, to receivers that negotiated no RTX: repairs go out as they were, and probes are filled by what is sent anyway.</summary>
    public static readonly Policy WithoutRtx = Full with { Name = "no-rtx", ReceiversHaveRtx = false };

    public static IReadOnlyList<Policy> All => [Plain, Remb, WithoutRtx, Full];

    private bool ReceiversHaveRtx { get; init; } = true;

    /// <summary>What a client of this policy can do of what the server offers.</summary>
    public RtpCapabilities Reduce(RtpCapabilities offered) => new()
    {
        Codecs = [.. offered.Codecs
            .Where(codec => ForwardCorrection || !codec.MimeType.Contains("fec", StringComparison.OrdinalIgnoreCase))
            .Select(codec => codec with { RtcpFeedback = [.. codec.RtcpFeedback.Where(Allows)] })],
        HeaderExtensions = [.. offered.HeaderExtensions.Where(extension => TransportFeedback || extension.Uri != RtpExtensionUris.TransportSequenceNumber)],
    };

    /// <summary>What a receiver of this policy can do of what the server offers.</summary>
    public RtpCapabilities ReduceReceiver(RtpCapabilities offered)
    {
        RtpCapabilities reduced = Reduce(offered);
        return ReceiversHaveRtx ? reduced : reduced with { Codecs = [.. reduced.Codecs.Where(codec => !codec.MimeType.EndsWith("/rtx", StringComparison.OrdinalIgnoreCase))] };
    }

    private bool Allows(RtcpFeedback feedback) => feedback.Type switch
    {
        "transport-cc" => TransportFeedback,
        "goog-remb" => Adapts,
        _ => true,
    };
}
