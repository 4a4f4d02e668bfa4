using Crosspoint.Fuzz.Engine;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Fuzz.Targets;

/// <summary>Whole sessions: two peers, ICE to SRTP, on a hostile network.</summary>
internal static class PeerTargets
{
    private static readonly IceCredentials ClientCredentials = new("clnt", "clientpasswordclientpassword");
    private static readonly IceCredentials ServerCredentials = new("serv", "serverpasswordserverpassword");
    private static readonly TransportAddress ClientAddress = TransportAddress.FromIPv4(0x7F00_0001, 4000);
    private static readonly TransportAddress ServerAddress = TransportAddress.FromIPv4(0x7F00_0002, 5000);

    private static bool s_isWarm;

    public static IEnumerable<FuzzTarget> All =>
    [
        new("peer-session", Run, NetworkScript.Seeds) { MaxInputBytes = 600, MaxTime = TimeSpan.FromSeconds(1) },
        new("peer-datagram", OneDatagram, () => [.. StunTargets.Seeds(), .. RtpTargets.Seeds(), .. RtcpTargets.Seeds()]),
    ];

    private static int Run(ReadOnlySpan<byte> script)
    {
        using (Exempt.Begin())
        {
            using End client = Make(isClient: true);
            using End server = Make(isClient: false);
            new NetworkScript(client, server) { JudgesAllocation = Interlocked.Exchange(ref s_isWarm, true) }.Run(script);
            var signature = new Signature();
            foreach (PeerSession peer in new[] { client.Peer, server.Peer })
            {
                signature.Add(peer.State);
                signature.Add(peer.Reason);
                signature.Add(peer.Profile);
                signature.Add(peer.Statistics.RtpPacketsReceived > 0);
            }

            return signature.Value;
        }
    }

    // A stranger's datagram to a peer that waits.
    private static int OneDatagram(ReadOnlySpan<byte> input)
    {
        End server;
        byte[] copy;
        using (Exempt.Begin())
        {
            server = Make(isClient: false);
            copy = input.ToArray();
        }

        using (server)
        {
            var now = Instant.FromMilliseconds(1001);
            return (int)server.Peer.Handle(now, ServerAddress, ClientAddress, copy, out _);
        }
    }

    private static End Make(bool isClient)
    {
        var now = Instant.FromMilliseconds(1000);
        IceCredentials mine = isClient ? ClientCredentials : ServerCredentials;
        TransportAddress here = isClient ? ClientAddress : ServerAddress;
        TransportAddress there = isClient ? ServerAddress : ClientAddress;
        var peer = new PeerSession(isClient ? PeerSessionOptions.Client : PeerSessionOptions.Server, isClient ? DtlsTargets.Right : DtlsTargets.Left, mine, new SeededRandomSource(isClient ? 1 : 2));
        peer.Ice.AddLocalCandidate(IceCandidate.Host(here));
        peer.Ice.SetRemoteCredentials(now, isClient ? ServerCredentials : ClientCredentials);
        if (isClient)
        {
            peer.Ice.AddRemoteCandidate(now, IceCandidate.Host(there));
        }

        peer.StartDtls(now, isClient ? DtlsRole.Client : DtlsRole.Server, [(isClient ? DtlsTargets.Left : DtlsTargets.Right).Sha256]);
        return new End(peer, here, there);
    }

    private sealed class End(PeerSession peer, TransportAddress here, TransportAddress there) : INetworkEnd, IDisposable
    {
        private static readonly byte[][] Rtp = [.. RtpTargets.Seeds()];
        private static readonly byte[][] Rtcp = [.. RtcpTargets.Seeds()];

        private int _restarts;

        public PeerSession Peer => peer;

        public void Handle(Instant now, Span<byte> datagram)
        {
            peer.Handle(now, here, there, datagram, out int length);
            if (length < 0 || length > datagram.Length)
            {
                throw new InvalidOperationException("The plaintext is longer than the datagram.");
            }

            while (peer.TryDequeue(out _))
            {
                // Only taken.
            }
        }

        public bool TryTransmit(Instant now, Span<byte> into, out int length)
        {
            bool any = peer.TryTransmit(now, into, out Transmit transmit);
            length = transmit.Length;
            return any;
        }

        public void HandleTimeout(Instant now) => peer.HandleTimeout(now);

        public int Speak(Instant now, int choice, Span<byte> into)
        {
            if ((choice & 1) != 0)
            {
                return peer.ProtectRtcp(Rtcp[choice % Rtcp.Length], into);
            }

            byte[] rtp = Rtp[choice % Rtp.Length];
            return RtpPacket.TryParseHeader(rtp, out RtpPacket packet) ? peer.ProtectRtp(packet.Header, rtp.AsSpan(packet.HeaderLength), into) : 0;
        }

        public void Restart(Instant now)
        {
            // One signalled restart changes both sides' credentials; a script changes one and sees what happens.
            if (_restarts++ < 8 && peer.State != PeerState.Closed)
            {
                peer.RestartIce(now, new IceCredentials($"rest{_restarts}", "restartedpasswordrestarted"));
            }
        }

        public void Close(Instant now) => peer.Close(now);

        public void Dispose() => peer.Dispose();
    }
}
