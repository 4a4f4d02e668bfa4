namespace Crosspoint.Load.Tests.Janus;

/// <summary>What Debian's Janus 1.1.2 wrote, caught on the wire.</summary>
internal static class JanusDescriptions
{
    /// <summary>Its answer to a publisher's offer of Opus and VP8.</summary>
    public const string Answer = """
        v=0
        o=- 1 1 IN IP4 10.77.0.1
        s=VideoRoom 1
        t=0 0
        a=group:BUNDLE 0 1
        a=ice-options:trickle
        a=fingerprint:sha-256 CD:9C:29:98:70:52:16:4F:EC:EB:A8:DF:E7:19:67:06:13:2B:52:20:33:E6:3C:BE:3D:4C:4F:E3:27:04:6B:B1
        a=extmap-allow-mixed
        a=msid-semantic: WMS *
        m=audio 9 UDP/TLS/RTP/SAVPF 111
        c=IN IP4 10.77.0.1
        a=recvonly
        a=mid:0
        a=rtcp-mux
        a=ice-ufrag:WREq
        a=ice-pwd:QQP3bH8ASZglfmI7+AMi5h
        a=ice-options:trickle
        a=setup:active
        a=rtpmap:111 opus/48000/2
        a=fmtp:111 useinbandfec=1
        a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
        a=msid:janus janus0
        a=ssrc:57251682 cname:janus
        a=candidate:1 1 udp 2015363327 10.77.0.1 38979 typ host
        a=end-of-candidates
        m=video 9 UDP/TLS/RTP/SAVPF 96
        c=IN IP4 10.77.0.1
        a=recvonly
        a=mid:1
        a=rtcp-mux
        a=ice-ufrag:WREq
        a=ice-pwd:QQP3bH8ASZglfmI7+AMi5h
        a=ice-options:trickle
        a=setup:active
        a=rtpmap:96 VP8/90000
        a=rtcp-fb:96 ccm fir
        a=rtcp-fb:96 nack
        a=rtcp-fb:96 nack pli
        a=rtcp-fb:96 goog-remb
        a=rtcp-fb:96 transport-cc
        a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
        a=msid:janus janus1
        a=ssrc:2044557010 cname:janus
        a=candidate:1 1 udp 2015363327 10.77.0.1 38979 typ host
        a=end-of-candidates
        """;

    /// <summary>Its offer to a subscriber of that publisher.</summary>
    public const string Offer = """
        v=0
        o=- 1795246211558606 1 IN IP4 10.77.0.1
        s=VideoRoom 1
        t=0 0
        a=group:BUNDLE 0 1
        a=ice-options:trickle
        a=fingerprint:sha-256 CD:9C:29:98:70:52:16:4F:EC:EB:A8:DF:E7:19:67:06:13:2B:52:20:33:E6:3C:BE:3D:4C:4F:E3:27:04:6B:B1
        a=extmap-allow-mixed
        a=msid-semantic: WMS *
        m=audio 9 UDP/TLS/RTP/SAVPF 111
        c=IN IP4 10.77.0.1
        a=sendonly
        a=mid:0
        a=rtcp-mux
        a=ice-ufrag:9Rbc
        a=ice-pwd:JFhtK/1q7tFP2rFIZiBRgr
        a=ice-options:trickle
        a=setup:actpass
        a=rtpmap:111 opus/48000/2
        a=rtcp-fb:111 transport-cc
        a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
        a=fmtp:111 useinbandfec=1
        a=msid:janus janus0
        a=ssrc:2707427086 cname:janus
        a=candidate:1 1 udp 2015363327 10.77.0.1 33717 typ host
        a=end-of-candidates
        m=video 9 UDP/TLS/RTP/SAVPF 96 97
        c=IN IP4 10.77.0.1
        a=sendonly
        a=mid:1
        a=rtcp-mux
        a=ice-ufrag:9Rbc
        a=ice-pwd:JFhtK/1q7tFP2rFIZiBRgr
        a=ice-options:trickle
        a=setup:actpass
        a=rtpmap:96 VP8/90000
        a=rtcp-fb:96 ccm fir
        a=rtcp-fb:96 nack
        a=rtcp-fb:96 nack pli
        a=rtcp-fb:96 goog-remb
        a=rtcp-fb:96 transport-cc
        a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
        a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
        a=rtpmap:97 rtx/90000
        a=fmtp:97 apt=96
        a=ssrc-group:FID 3392701129 3340425463
        a=msid:janus janus1
        a=ssrc:3392701129 cname:janus
        a=ssrc:3340425463 cname:janus
        a=candidate:1 1 udp 2015363327 10.77.0.1 33717 typ host
        a=end-of-candidates
        """;
}
