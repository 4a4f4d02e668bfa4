using Crosspoint.Fuzz.Engine;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;

namespace Crosspoint.Fuzz.Targets;

/// <summary>DTLS: one hostile datagram to a fresh session of either role, and whole handshakes on a hostile network.</summary>
internal static class DtlsTargets
{
    internal static readonly DtlsIdentity Left = DtlsIdentity.Create(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    internal static readonly DtlsIdentity Right = DtlsIdentity.Create(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly byte[] Out = new byte[4096];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("dtls-server", input => OneDatagram(input, DtlsRole.Server), ClientHellos),
        new("dtls-client", input => OneDatagram(input, DtlsRole.Client), ServerFlight),
        new("dtls-session", Session, NetworkScript.Seeds) { MaxInputBytes = 600, MaxTime = TimeSpan.FromSeconds(1) },
    ];

    private static int OneDatagram(ReadOnlySpan<byte> input, DtlsRole role)
    {
        DtlsSession session = Make(role, out Instant now);
        using (session)
        {
            session.Handle(now, input);
            session.Handle(now, input);
            session.HandleTimeout(now + TimeSpan.FromMilliseconds(500));
            var signature = new Signature();
            int sent = 0;
            while (session.TryTransmit(now, Out, out _) && sent < 1000)
            {
                sent++;
            }

            signature.Add(session.State);
            signature.Add(session.CloseReason);
            signature.Add(sent);
            for (int i = 0; i < Enum.GetValues<DtlsDropReason>().Length; i++)
            {
                signature.Add(session.Counters[(DtlsDropReason)i] > 0);
            }

            return signature.Value;
        }
    }

    private static DtlsSession Make(DtlsRole role, out Instant now)
    {
        now = Instant.FromMilliseconds(1000);
        using (Exempt.Begin())
        {
            var session = new DtlsSession(role == DtlsRole.Server ? Left : Right);
            session.SetRemoteFingerprints([(role == DtlsRole.Server ? Right : Left).Sha256]);
            session.Start(now, role);
            while (role == DtlsRole.Client && session.TryTransmit(now, Out, out _))
            {
                // Its ClientHello, which goes nowhere.
            }

            return session;
        }
    }

    // OpenSSL has its own randomness, so a script does not give the same bytes twice; the operations are the same.
    private static int Session(ReadOnlySpan<byte> input)
    {
        using (Exempt.Begin())
        {
            var now = Instant.FromMilliseconds(1000);
            using var server = new DtlsSession(Left);
            using var client = new DtlsSession(Right);
            server.SetRemoteFingerprints([Right.Sha256]);
            client.SetRemoteFingerprints([Left.Sha256]);
            server.Start(now, DtlsRole.Server);
            client.Start(now, DtlsRole.Client);
            var network = new NetworkScript(new End(client), new End(server));
            network.Run(input);
            var signature = new Signature();
            signature.Add(server.State);
            signature.Add(client.State);
            signature.Add(server.CloseReason);
            signature.Add(client.CloseReason);
            return signature.Value;
        }
    }

    private static IEnumerable<byte[]> ClientHellos()
    {
        using DtlsSession client = new(Right);
        client.Start(Instant.Zero, DtlsRole.Client);
        byte[] into = new byte[2048];
        while (client.TryTransmit(Instant.Zero, into, out int length))
        {
            yield return into[..length];
        }

        // An alert and a record of an epoch that has no keys.
        yield return [21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 2, 40];
        yield return [23, 254, 253, 0, 1, 0, 0, 0, 0, 0, 1, 0, 20, .. new byte[20]];
    }

    private static IEnumerable<byte[]> ServerFlight()
    {
        using DtlsSession client = new(Right);
        using DtlsSession server = new(Left);
        client.Start(Instant.Zero, DtlsRole.Client);
        server.Start(Instant.Zero, DtlsRole.Server);
        byte[] into = new byte[2048];
        while (client.TryTransmit(Instant.Zero, into, out int length))
        {
            server.Handle(Instant.Zero, into.AsSpan(0, length));
        }

        while (server.TryTransmit(Instant.Zero, into, out int length))
        {
            yield return into[..length];
        }
    }

    private sealed class End(DtlsSession session) : INetworkEnd
    {
        private readonly byte[] _data = new byte[2048];

        public void Handle(Instant now, Span<byte> datagram)
        {
            session.Handle(now, datagram);
            while (session.TryDequeue(out _))
            {
                // Only taken.
            }

            while (session.TryReadApplicationData(_data, out _))
            {
                // Only taken.
            }
        }

        public bool TryTransmit(Instant now, Span<byte> into, out int length) => session.TryTransmit(now, into, out length);

        public void HandleTimeout(Instant now) => session.HandleTimeout(now);

        public int Speak(Instant now, int choice, Span<byte> into)
        {
            _ = session.State == DtlsState.Connected && session.TrySendApplicationData(into[..(choice + 1)]);
            return 0;
        }

        public void Restart(Instant now)
        {
        }

        public void Close(Instant now) => session.Close(now);
    }
}
