using Crosspoint.Media.Congestion;
using Crosspoint.Media.Plans;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Fec;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Media.Repair;

/// <summary>A consumer's repair stream: its numbers, its protection as the receiver's reports ask for it, and the bound on its bytes.</summary>
/// <remarks>One owner: the consumer. Dispose gives its blocks back.</remarks>
internal sealed class ConsumerFec : IDisposable
{
    // A burst of repair packets for one large frame, and no more than that saved up.
    private const int MaxCredit = 15_000;

    private readonly ConsumerPlan _plan;
    private readonly FecOptions _options;

    private readonly FlexFecEncoder _encoder;

    private FecController _controller;
    private SequenceNumber _sequence;
    private double _credit;

    public ConsumerFec(Router router, ConsumerPlan plan)
    {
        _plan = plan;
        _options = router.Options.Fec;
        _controller = new FecController(_options);
        _encoder = new FlexFecEncoder(plan.Ssrc, router.Pool, new FecMutableExtensions(MutableIds(plan)));
        _sequence = new((ushort)(router.NextRandom() & 0x7FFF));
    }

    /// <summary>True while packets are protected: then they must leave as they are, without padding.</summary>
    public bool IsOn => _encoder.Protection.IsOn;

    /// <summary>Repair packets sent for each media packet, 0 to <see cref="FecOptions.MaxShare"/>. What they cost is measured as they leave.</summary>
    public double Share => Math.Min(_encoder.Protection.Ratio, _options.MaxShare);

    /// <summary>Repair packets sent.</summary>
    public long Packets { get; private set; }

    /// <summary>Their payload.</summary>
    public long Bytes { get; private set; }

    /// <summary>The receiver reports.</summary>
    public void HandleReport(Instant now, byte fractionLost, TimeSpan? roundTrip, long packets)
    {
        _controller.Update(now, fractionLost, roundTrip, packets);
        _encoder.Protection = _controller.Protection;
    }

    /// <summary>Notes a media packet that was sent; true when a repair packet is to be sent after it.</summary>
    public bool Protect(Instant now, SequenceNumber sequence, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload)
    {
        if (!IsOn)
        {
            return false;
        }

        _credit = Math.Min(_credit + ((header.Length + prefix.Length + payload.Length) * _options.MaxShare), MaxCredit);
        return _encoder.Add(now, sequence, header, prefix, payload);
    }

    /// <summary>Sends the repair packet that is due. Under a header of its own: that of the media packet, which is in hand for the other consumers, is begun anew after it.</summary>
    /// <param name="now">The present.</param>
    /// <param name="consumer">Whose stream this is.</param>
    /// <param name="timestamp">Of the packet that completed it.</param>
    /// <param name="packet">That packet.</param>
    public void Send(Instant now, Consumer consumer, RtpTimestamp timestamp, in RtpPacket packet)
    {
        Router router = consumer.Transport.Router;
        if (!TryTake(timestamp, router.FecScratch, out RtpHeaderFields fields, out int length))
        {
            return;
        }

        router.Header.Begin();
        Span<byte> header = router.Header.Write(now, _plan, fields, packet, default);
        consumer.Transport.Send(now, OutgoingRtp.InHand(consumer, SentKind.Fec, header, default, router.FecScratch.AsSpan(0, length), PayloadTraits.None));
        router.Header.Begin();
    }

    /// <summary>The repair packet; false when it would be more than its share.</summary>
    /// <param name="timestamp">Of the packet that completed it.</param>
    /// <param name="into">Where its payload goes.</param>
    /// <param name="fields">Its header's fields.</param>
    /// <param name="length">Bytes of its payload.</param>
    public bool TryTake(RtpTimestamp timestamp, Span<byte> into, out RtpHeaderFields fields, out int length)
    {
        length = _encoder.Take(into);
        fields = default;
        if (length == 0 || length > _credit)
        {
            return false;
        }

        _credit -= length;
        fields = new RtpHeaderFields(_plan.FecPayloadType!.Value, false, _sequence, timestamp, _plan.FecSsrc);
        _sequence = _sequence.Next;
        Packets++;
        Bytes += length;
        return true;
    }

    public void Dispose() => _encoder.Dispose();

    private static byte[] MutableIds(ConsumerPlan plan) => 
        [plan.Extensions[HeaderExtensionKind.AbsoluteSendTime], plan.Extensions[HeaderExtensionKind.TransportSequenceNumber]];
}
