using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Plans;

namespace Crosspoint.Media.Negotiation;

/// <summary>
/// The header extensions the router announces, with ids that are the same in every room.
/// All are 14 or less, so the one-byte form of RFC 8285 suffices.
/// </summary>
internal static class RouterHeaderExtensions
{
    // RID tells simulcast layers of a producer apart; a consumer gets one stream with an SSRC of its own and needs none.
    private static readonly (HeaderExtensionKind Kind, byte Id, bool Audio, bool Video, RtpHeaderExtensionDirection Direction)[] Table =
    [
        (HeaderExtensionKind.Mid, 1, true, true, RtpHeaderExtensionDirection.SendRecv),
        (HeaderExtensionKind.RtpStreamId, 2, false, true, RtpHeaderExtensionDirection.RecvOnly),
        (HeaderExtensionKind.RepairedRtpStreamId, 3, false, true, RtpHeaderExtensionDirection.RecvOnly),
        (HeaderExtensionKind.AbsoluteSendTime, 4, true, true, RtpHeaderExtensionDirection.SendRecv),
        (HeaderExtensionKind.TransportSequenceNumber, RtpNegotiator.TransportSequenceNumberId, true, true, RtpHeaderExtensionDirection.SendRecv),
        (HeaderExtensionKind.DependencyDescriptor, 8, false, true, RtpHeaderExtensionDirection.SendRecv),
        (HeaderExtensionKind.AudioLevel, 10, true, false, RtpHeaderExtensionDirection.SendRecv),
        (HeaderExtensionKind.VideoOrientation, 11, false, true, RtpHeaderExtensionDirection.SendRecv),
        (HeaderExtensionKind.AbsoluteCaptureTime, 13, true, true, RtpHeaderExtensionDirection.SendRecv),
    ];

    public static IReadOnlyList<RtpHeaderExtension> Capabilities()
    {
        List<RtpHeaderExtension> all = [];
        foreach (var row in Table)
        {
            if (row.Audio)
            {
                all.Add(Capability(MediaKind.Audio, row.Kind, row.Id, row.Direction));
            }

            if (row.Video)
            {
                all.Add(Capability(MediaKind.Video, row.Kind, row.Id, row.Direction));
            }
        }

        return all;
    }

    /// <summary>True when the router makes the value itself, so that a consumer may have it although the producer sends none.</summary>
    public static bool IsMadeByRouter(HeaderExtensionKind kind) => 
        kind is HeaderExtensionKind.Mid or HeaderExtensionKind.AbsoluteSendTime or HeaderExtensionKind.TransportSequenceNumber;

    private static RtpHeaderExtension Capability(MediaKind kind, HeaderExtensionKind extension, byte id, RtpHeaderExtensionDirection direction) => new()
    {
        Kind = kind,
        Uri = HeaderExtensionUris.Of(extension),
        PreferredId = id,
        PreferredEncrypt = false,
        Direction = direction,
    };
}
