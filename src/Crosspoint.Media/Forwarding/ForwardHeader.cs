using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Media.Forwarding;

/// <summary>
/// Writes the header a consumer gets: its own fixed fields, its MID, and the producer's extensions under the consumer's ids.
/// CSRC lists are not forwarded: nothing in a room mixes.
/// </summary>
internal static class ForwardHeader
{
    /// <summary>Room enough for every extension at its longest that RFC 8285 and a datagram allow.</summary>
    public const int MaxLength = 1024;

    private static readonly HeaderExtensionKind[] Copied =
    [
        HeaderExtensionKind.AudioLevel,
        HeaderExtensionKind.VideoOrientation,
        HeaderExtensionKind.DependencyDescriptor,
        HeaderExtensionKind.AbsoluteCaptureTime,
    ];

    /// <summary>Writes it and returns its length.</summary>
    /// <param name="into">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="now">For the absolute send time.</param>
    /// <param name="plan">The consumer's.</param>
    /// <param name="fields">The fixed fields.</param>
    /// <param name="packet">The producer's packet.</param>
    /// <param name="slots">Its extensions.</param>
    public static int Write(Span<byte> into, Instant now, ConsumerPlan plan, in RtpHeaderFields fields, in RtpPacket packet, in ExtensionSlots slots)
    {
        HeaderExtensionIds ids = plan.Extensions;
        RtpHeaderWriter writer = new(into, fields);
        byte mid = ids[HeaderExtensionKind.Mid];
        if (mid != 0 && !plan.Mid.IsEmpty)
        {
            writer.TryAdd(mid, plan.Mid.Span);
        }

        // Without RTX a packet is resent under its old number and so under its old nonce: its header must not change by a bit.
        byte sendTime = ids[HeaderExtensionKind.AbsoluteSendTime];
        if (sendTime != 0 && plan.RtxPayloadType is not null && writer.TryReserve(sendTime, AbsoluteSendTime.Length, out Span<byte> time))
        {
            AbsoluteSendTime.From(now).Write(time);
        }

        foreach (HeaderExtensionKind kind in Copied)
        {
            byte id = ids[kind];
            if (id != 0 && slots.TryGet(packet, kind, out ReadOnlySpan<byte> value))
            {
                writer.TryAdd(id, value);
            }
        }

        return writer.Complete();
    }
}
