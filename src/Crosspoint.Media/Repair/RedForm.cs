using Crosspoint.Media.Plans;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Repair;

/// <summary>
/// The audio packet in hand in its two forms: with redundancy (RFC 2198) for consumers that take it, and its primary block alone for the
/// others. Found once a packet; nothing is decoded, and only headers are written anew.
/// </summary>
/// <remarks>One owner: the router's thread.</remarks>
internal sealed class RedForm
{
    private readonly byte[] _headers = new byte[RedPayload.MaxHeadersLength];

    private int _headersLength;
    private int _primaryOffset;

    /// <summary>True while the packet in hand has redundancy.</summary>
    public bool IsRed { get; private set; }

    /// <summary>Takes a producer's packet in hand; false when it says it has redundancy and that cannot be read, or is of another codec.</summary>
    public bool TryBegin(ProducerPlan plan, PayloadType type, ReadOnlySpan<byte> payload)
    {
        IsRed = type == plan.RedPayloadType;
        if (!IsRed)
        {
            return true;
        }

        if (!RedPayload.TryRead(payload, out RedPayload red) || !red.IsAll(plan.PayloadType))
        {
            IsRed = false;
            return false;
        }

        _headersLength = red.WriteHeaders(new(RouterOpus), _headers);
        _primaryOffset = payload.Length - red.Primary.Length;
        return true;
    }

    /// <summary>What a consumer gets of it.</summary>
    /// <param name="plan">The consumer's.</param>
    /// <param name="payload">The packet's whole payload.</param>
    /// <param name="type">The payload type to send it with.</param>
    /// <param name="prefix">What stands before the rest; valid until the next packet.</param>
    /// <param name="rest">What follows, where it was received.</param>
    public void Split(ConsumerPlan plan, ReadOnlySpan<byte> payload, out PayloadType type, out ReadOnlySpan<byte> prefix, out ReadOnlySpan<byte> rest)
    {
        bool whole = plan.RedPayloadType is not null;
        type = plan.RedPayloadType ?? plan.PayloadType;
        prefix = whole ? _headers.AsSpan(0, _headersLength) : default;
        rest = payload[(whole ? _headersLength : _primaryOffset)..];
    }

    // Consumers get Opus under the router's payload type, all the same.
    private static byte RouterOpus => Negotiation.CodecPolicy.OpusPayloadType;
}
