using Crosspoint.Primitives;

namespace Crosspoint.Media;

/// <summary>
/// Where a transport's outgoing packets go: the shell protects them straight into its send buffer.
/// Called on the router's thread.
/// </summary>
public interface IPacketSink
{
    /// <summary>False while packets would be lost (no keys yet, no validated pair): the router then counts and drops.</summary>
    bool IsReady { get; }

    /// <summary>Sends one RTP packet given in two parts.</summary>
    /// <param name="now">The router's present.</param>
    /// <param name="header">Fixed header, CSRC list and header extension.</param>
    /// <param name="payload">Payload, never padded.</param>
    /// <param name="traits">What may be done with the payload; the header is valid only during the call.</param>
    void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, PayloadTraits traits);

    /// <summary>Sends one RTCP datagram, compound or reduced-size, in plaintext.</summary>
    void SendRtcp(Instant now, ReadOnlySpan<byte> packet);
}
