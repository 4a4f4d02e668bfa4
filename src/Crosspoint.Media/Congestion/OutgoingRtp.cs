using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Media.Congestion;

/// <summary>An RTP packet of a consumer, ready to leave but for what is only known when it does.</summary>
/// <param name="consumer">Whose it is.</param>
/// <param name="kind">What it carries.</param>
/// <param name="header">Its header; number and send time are written into it.</param>
/// <param name="prefix">What its payload begins with for this receiver alone.</param>
/// <param name="payload">The rest of its payload.</param>
/// <param name="traits">What may be done with the payload.</param>
internal readonly ref struct OutgoingRtp(
    Consumer consumer, SentKind kind, Span<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits)
{
    public readonly Consumer Consumer = consumer;
    public readonly SentKind Kind = kind;
    public readonly Span<byte> Header = header;
    public readonly ReadOnlySpan<byte> Prefix = prefix;
    public readonly ReadOnlySpan<byte> Payload = payload;
    public readonly PayloadTraits Traits = traits;

    /// <summary>With the header in hand, and where what is known when it leaves stands in it.</summary>
    public static OutgoingRtp InHand(Consumer consumer, SentKind kind, Span<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits) =>
        new(consumer, kind, header, prefix, payload, traits)
        {
            NumberOffset = consumer.Transport.Router.Header.NumberOffset,
            SendTimeOffset = consumer.Transport.Router.Header.SendTimeOffset,
        };

    /// <summary>Bytes before protection.</summary>
    public int Length => Header.Length + Prefix.Length + Payload.Length;

    /// <summary>Where the transport-wide number is to be written; 0 for nowhere.</summary>
    public int NumberOffset { get; init; }

    /// <summary>Where the absolute send time stands; 0 for nowhere.</summary>
    public int SendTimeOffset { get; init; }
}
