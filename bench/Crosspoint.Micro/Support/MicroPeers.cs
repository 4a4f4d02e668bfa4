using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Micro.Support;

/// <summary>A client and a server that have shaken hands, without a network between them.</summary>
/// <remarks>Owned by one thread. Its clock stands still once both are connected.</remarks>
public sealed class MicroPeers : IDisposable
{
    private const int MaxRounds = 1000;
    private static readonly TransportAddress UsualClientAddress = TransportAddress.FromIPv4(0x0A00_0001, 50_000);

    // Made by me.
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly byte[] _datagram = new byte[2048];

    // State.
    private Instant _now;

    /// <summary>Introduces them and waits, in virtual time, until both are connected.</summary>
    /// <param name="profile">The only one they speak.</param>
    /// <param name="clientAddress">Where the server sends; any address when it is none.</param>
    /// <exception cref="InvalidOperationException">They do not connect.</exception>
    public MicroPeers(SrtpProfile profile, TransportAddress clientAddress = default)
    {
        ClientAddress = clientAddress.IsNone ? UsualClientAddress : clientAddress;
        DtlsSessionOptions dtls = new() { Profiles = [profile] };
        Client = Make(PeerSessionOptions.Client with { Dtls = dtls }, ClientAddress);
        Server = Make(PeerSessionOptions.Server with { Dtls = dtls }, ServerAddress);
        Introduce(Client.Session, Server.Credentials, DtlsRole.Client);
        Introduce(Server.Session, Client.Credentials, DtlsRole.Server);
        Client.Session.Ice.AddRemoteCandidate(_now, IceCandidate.Host(ServerAddress));
        for (int i = 0; i < MaxRounds && !(Client.Session.CanSendMedia && Server.Session.CanSendMedia); i++)
        {
            Exchange();
        }

        if (!Client.Session.CanSendMedia || !Server.Session.CanSendMedia)
        {
            throw new InvalidOperationException($"The peers are {Client.Session.State} and {Server.Session.State}.");
        }
    }

    /// <summary>Controlling; the DTLS client.</summary>
    public (PeerSession Session, IceCredentials Credentials) Client { get; }

    /// <summary>ICE lite; the DTLS server.</summary>
    public (PeerSession Session, IceCredentials Credentials) Server { get; }

    /// <summary>Where the server is.</summary>
    public static TransportAddress ServerAddress { get; } = TransportAddress.FromIPv4(0x7F00_0001, 40_000);

    /// <summary>Where the client is.</summary>
    public TransportAddress ClientAddress { get; }

    /// <summary>Hands the client a datagram of the server's.</summary>
    public PeerInput HandleAtClient(Span<byte> datagram, out int length) => Client.Session.Handle(_now, ClientAddress, ServerAddress, datagram, out length);

    /// <summary>Hands the server a datagram of the client's.</summary>
    public PeerInput HandleAtServer(Span<byte> datagram, out int length) => Server.Session.Handle(_now, ServerAddress, ClientAddress, datagram, out length);

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Session.Dispose();
        Server.Session.Dispose();
        _identity.Dispose();
    }

    private (PeerSession Session, IceCredentials Credentials) Make(PeerSessionOptions options, TransportAddress address)
    {
        SeededRandomSource random = new(address.Port);
        IceCredentials credentials = IceCredentials.Create(random);
        PeerSession session = new(options, _identity, credentials, random);
        session.Ice.AddLocalCandidate(IceCandidate.Host(address));
        return (session, credentials);
    }

    private void Introduce(PeerSession session, IceCredentials remote, DtlsRole role)
    {
        session.Ice.SetRemoteCredentials(_now, remote);
        session.StartDtls(_now, role, [_identity.Sha256]);
    }

    private void Exchange()
    {
        _now += TimeSpan.FromMilliseconds(10);
        Move(Client.Session, Server.Session);
        Move(Server.Session, Client.Session);
    }

    private void Move(PeerSession from, PeerSession to)
    {
        if (from.NextTimeout <= _now)
        {
            from.HandleTimeout(_now);
        }

        while (from.TryTransmit(_now, _datagram, out Transmit transmit))
        {
            to.Handle(_now, transmit.Remote, transmit.Local, _datagram.AsSpan(0, transmit.Length), out _);
        }

        while (from.TryDequeue(out _))
        {
            // The state is read, not the events.
        }
    }
}
