using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Srtp;
using Crosspoint.Rtc.Tests.Simulation;

namespace Crosspoint.Rtc.Tests.Peer;

/// <summary>A client and a server on one virtual clock, introduced to each other as signalling would.</summary>
public sealed class PeerSimulation : IDisposable
{
    public static readonly TransportAddress ClientAddress = TransportAddress.FromIPv4(0x0A000001, 50000);
    public static readonly TransportAddress ServerAddress = TransportAddress.FromIPv4(0xCB007101, 40000);
    public static readonly TransportAddress StrangerAddress = TransportAddress.FromIPv4(0xC6336401, 6666);

    private static readonly DtlsIdentity ClientIdentity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56));
    private static readonly DtlsIdentity ServerIdentity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56));

    public PeerSimulation(int seed, LinkProfile? link = null, PeerSessionOptions? serverOptions = null, IReadOnlyList<SrtpProfile>? profiles = null)
    {
        Network = new VirtualNetwork(seed);
        SeededRandomSource random = new(seed);
        PeerSessionOptions clientOptions = PeerSessionOptions.Client with { Dtls = new DtlsSessionOptions { Profiles = profiles ?? new DtlsSessionOptions().Profiles } };
        Client = new PeerEndpoint(new PeerSession(clientOptions, ClientIdentity, IceCredentials.Create(random), random));
        Server = new PeerEndpoint(new PeerSession(serverOptions ?? PeerSessionOptions.Server, ServerIdentity, IceCredentials.Create(random), random));
        Network.Attach(Client, ClientAddress, up: link, down: link);
        Network.Attach(Server, ServerAddress, up: link, down: link);
        Client.Session.Ice.AddLocalCandidate(IceCandidate.Host(ClientAddress));
        Server.Session.Ice.AddLocalCandidate(IceCandidate.Host(ServerAddress));
    }

    public VirtualNetwork Network { get; }

    public PeerEndpoint Client { get; }

    public PeerEndpoint Server { get; }

    public bool AreConnected => Client.Session.State == PeerState.Connected && Server.Session.State == PeerState.Connected;

    public static DtlsFingerprint WrongFingerprint { get; } = new("sha-256", new byte[32]);

    /// <summary>Exchanges credentials, candidates and fingerprints; <paramref name="clientFingerprint"/> replaces the client's own.</summary>
    public void Introduce(DtlsFingerprint? clientFingerprint = null, bool serverStartsDtls = true)
    {
        Instant now = Network.Now;
        if (serverStartsDtls)
        {
            Server.Session.StartDtls(now, DtlsRole.Server, [clientFingerprint ?? ClientIdentity.Sha256]);
        }

        IntroduceIce();
        Client.Session.StartDtls(now, DtlsRole.Client, [ServerIdentity.Sha256]);
        DrainBoth();
    }

    /// <summary>The ICE half of <see cref="Introduce"/>, also after a restart.</summary>
    public void IntroduceIce()
    {
        Instant now = Network.Now;
        Server.Session.Ice.SetRemoteCredentials(now, Client.Session.Ice.LocalCredentials);
        Client.Session.Ice.SetRemoteCredentials(now, Server.Session.Ice.LocalCredentials);
        Client.Session.Ice.AddRemoteCandidate(now, IceCandidate.Host(ServerAddress));
        if (Server.Session.Ice.Mode == IceMode.Full)
        {
            Server.Session.Ice.AddRemoteCandidate(now, IceCandidate.Host(ClientAddress));
        }

        DrainBoth();
    }

    public bool Connect(TimeSpan within)
    {
        Introduce();
        return Network.RunUntil(() => AreConnected, within);
    }

    /// <summary>Sends numbered packets both ways, one each 20 ms, and lets the last ones arrive.</summary>
    public void Talk(int packets)
    {
        for (int number = 0; number < packets; number++)
        {
            Client.SendMedia(Network, number);
            Server.SendMedia(Network, number);
            Network.Run(TimeSpan.FromMilliseconds(20));
        }

        Network.Run(TimeSpan.FromSeconds(1));
    }

    public void DrainBoth()
    {
        Network.Drain(Client);
        Network.Drain(Server);
        Client.Drain();
        Server.Drain();
    }

    public void Dispose()
    {
        Client.Session.Dispose();
        Server.Session.Dispose();
    }
}
