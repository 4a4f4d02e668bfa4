using Crosspoint.Primitives;

namespace Crosspoint.Media;

/// <summary>
/// Where a transport's outgoing packets go: the shell protects them straight into its send buffer.
/// Called on the router's thread.
/// </summary>
public interface IPacketSink
{
    /// <summary>
    /// The longest prefix. What is rewritten of a VP8 or VP9 descriptor is within its first 4 bytes, and RTX puts 2 before it;
    /// the headers of redundant audio are 65 bytes at most.
    /// </summary>
    const int MaxPrefixLength = 80;

    /// <summary>False while packets would be lost (no keys yet, no validated pair): the router then counts and drops.</summary>
    bool IsReady { get; }

    /// <summary>Sends one RTP packet given in three parts.</summary>
    /// <param name="now">The router's present.</param>
    /// <param name="header">Fixed header, CSRC list and header extension.</param>
    /// <param name="prefix">
    /// What the payload begins with for this receiver alone: a payload descriptor with his own running numbers, the headers of redundant audio, or the number of the packet
    /// that is repaired. Encrypted with the payload; empty for most packets, at most <see cref="MaxPrefixLength"/> bytes.
    /// </param>
    /// <param name="payload">The rest of the payload, never padded.</param>
    /// <param name="traits">What may be done with the payload; header and prefix are valid only during the call.</param>
    void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits);

    /// <summary>Sends one RTCP datagram, compound or reduced-size, in plaintext.</summary>
    void SendRtcp(Instant now, ReadOnlySpan<byte> packet);
}
