using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Dtls;

/// <summary>Options of a <see cref="DtlsSession"/>.</summary>
public sealed record DtlsSessionOptions
{
    /// <summary>The shortest <see cref="Mtu"/> that OpenSSL can fragment a handshake to.</summary>
    public const int MinMtu = 256;

    /// <summary>The longest datagram we send, UDP payload in bytes. Default 1,200: passes every path that WebRTC meets (as QUIC's, RFC 9000 §14).</summary>
    public int Mtu { get; init; } = 1200;

    /// <summary>SRTP profiles in our order of preference; a server's order decides. Default GCM first: with AES instructions it costs half of what the HMAC profile does.</summary>
    public IReadOnlyList<SrtpProfile> Profiles { get; init; } = [SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1Tag80];

    /// <summary>Refuse a peer without SRTP. Default true; false for a session that only carries data channels.</summary>
    public bool RequireSrtp { get; init; } = true;

    /// <summary>Refuse a peer without extended_master_secret (RFC 7627), whose exported keys could be shared with a man in the middle. Default true; every WebRTC stack has it.</summary>
    public bool RequireExtendedMasterSecret { get; init; } = true;

    /// <summary>From start to verified. Default 20 s: ten retransmissions' worth of a bad path; longer only keeps half-open sessions alive.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Until a flight is first sent again, then doubling. Default 100 ms instead of RFC 6347's 1 s (§4.2.4.1): ICE has just
    /// shown that the path works, so a loss is likelier than a long way, and a flight sent in vain costs one or two datagrams.
    /// </summary>
    public TimeSpan InitialRetransmission { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Where the doubling ends. Default 2 s, so that a path which comes back is used soon.</summary>
    public TimeSpan MaxRetransmission { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest datagram we accept, in bytes. Default 16,384: no honest peer's handshake is near, OpenSSL's record buffer takes it whole.</summary>
    public int MaxDatagram { get; init; } = 16384;

    /// <summary>Application data, in bytes, that waits for its owner, and datagrams that wait to be sent; each. Default 256 KiB: an SCTP receive window.</summary>
    public int MaxQueuedBytes { get; init; } = 256 * 1024;
}
