using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Media;

/// <summary>
/// Finds the stream of a packet whose SSRC nobody declared, by RID, repaired RID or MID (RFC 8852, RFC 9143 §9.2), and remembers it.
/// Only streams that declared no SSRC are found, so a declared one cannot be taken over.
/// </summary>
internal static class StreamLearner
{
    /// <summary>The stream the packet is of from now on; null, and a reason counted, when it is nobody's.</summary>
    public static ProducerStream? Learn(Instant now, RouterTransport transport, in RtpPacket packet)
    {
        foreach (Producer producer in transport.ProducerList)
        {
            if (Matches(packet, producer.Plan.Extensions, HeaderExtensionKind.Mid, producer.Plan.Mid) == false)
            {
                continue;
            }

            foreach (ProducerStream stream in producer.Streams)
            {
                if (TryLearn(now, stream, packet, out MediaDropReason? refusal))
                {
                    return stream;
                }

                if (refusal is { } reason)
                {
                    transport.Drop(reason);
                    return null;
                }
            }
        }

        transport.Drop(MediaDropReason.UnknownSsrc);
        return null;
    }

    private static bool TryLearn(Instant now, ProducerStream stream, in RtpPacket packet, out MediaDropReason? refusal)
    {
        refusal = null;
        ProducerPlan plan = stream.Producer.Plan;
        ReadOnlyMemory<byte> rid = stream.Encoding.Rid;
        if (stream.Encoding.RtxSsrc == Ssrc.None && packet.PayloadType == plan.RtxPayloadType)
        {
            bool repairs = rid.IsEmpty
                ? plan.Encodings.Count == 1 && Matches(packet, plan.Extensions, HeaderExtensionKind.Mid, plan.Mid) == true
                : Matches(packet, plan.Extensions, HeaderExtensionKind.RepairedRtpStreamId, rid) == true;
            return repairs && TryTakeRtx(stream, packet.Ssrc);
        }

        if (!stream.Encoding.IsLearned || packet.PayloadType != plan.PayloadType)
        {
            return false;
        }

        bool isHis = rid.IsEmpty
            ? Matches(packet, plan.Extensions, HeaderExtensionKind.Mid, plan.Mid) == true
            : Matches(packet, plan.Extensions, HeaderExtensionKind.RtpStreamId, rid) == true;
        return isHis && TryTakeMedia(now, stream, packet.Ssrc, out refusal);
    }

    private static bool TryTakeMedia(Instant now, ProducerStream stream, Ssrc ssrc, out MediaDropReason? refusal)
    {
        RouterTransport transport = stream.Producer.Transport;
        refusal = null;
        if (stream.Ssrc != Ssrc.None)
        {
            if (!stream.HasLeft && now - stream.LastPacketAt < transport.Router.Options.RelearnAfter)
            {
                refusal = MediaDropReason.SsrcConflict;
                return false;
            }

            transport.Unregister(stream.Ssrc, stream);
        }

        if (!transport.Streams.TryAdd(ssrc, stream))
        {
            refusal = MediaDropReason.SsrcConflict;
            return false;
        }

        stream.Relearn(ssrc);
        return true;
    }

    private static bool TryTakeRtx(ProducerStream stream, Ssrc ssrc)
    {
        RouterTransport transport = stream.Producer.Transport;
        if (stream.RtxSsrc != Ssrc.None)
        {
            transport.Unregister(stream.RtxSsrc, stream);
        }

        stream.RtxSsrc = transport.Streams.TryAdd(ssrc, stream) ? ssrc : Ssrc.None;
        return stream.RtxSsrc == ssrc;
    }

    // Null when the packet does not say, or nothing is to be compared with.
    private static bool? Matches(in RtpPacket packet, HeaderExtensionIds ids, HeaderExtensionKind kind, ReadOnlyMemory<byte> expected)
    {
        byte id = ids[kind];
        return id == 0 || expected.IsEmpty || !packet.TryGetExtension(id, out ReadOnlySpan<byte> value) ? null : value.SequenceEqual(expected.Span);
    }
}
