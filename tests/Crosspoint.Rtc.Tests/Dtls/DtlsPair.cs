using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;

namespace Crosspoint.Rtc.Tests.Dtls;

/// <summary>Two sessions on one virtual clock over a seeded link that may lose, delay (so reorder) and duplicate.</summary>
internal sealed class DtlsPair : IDisposable
{
    public static readonly DtlsIdentity ClientIdentity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56));
    public static readonly DtlsIdentity ServerIdentity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56));

    private readonly Random _random;
    private readonly PriorityQueue<(DtlsSession To, byte[] Bytes), long> _inFlight = new();
    private readonly byte[] _buffer = new byte[2048];

    public DtlsPair(DtlsSessionOptions? client = null, DtlsSessionOptions? server = null, int seed = 1)
    {
        _random = new Random(seed);
        Client = new DtlsSession(ClientIdentity, client);
        Server = new DtlsSession(ServerIdentity, server);
    }

    public DtlsSession Client { get; }

    public DtlsSession Server { get; }

    public Instant Now { get; private set; } = Instant.FromMilliseconds(1000);

    public double Loss { get; init; }

    public double Duplication { get; init; }

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan Jitter { get; init; }

    /// <summary>Sees each datagram as it is sent; may change it, or lose it by answering null.</summary>
    public Func<DtlsSession, byte[], byte[]?>? Tap { get; set; }

    public List<byte[]> Sent { get; } = [];

    public List<DtlsEvent> ClientEvents { get; } = [];

    public List<DtlsEvent> ServerEvents { get; } = [];

    public DtlsPair ExchangeFingerprints()
    {
        Client.SetRemoteFingerprints([ServerIdentity.Sha256]);
        Server.SetRemoteFingerprints([ClientIdentity.Sha256]);
        return this;
    }

    public DtlsPair Start()
    {
        Server.Start(Now, DtlsRole.Server);
        Client.Start(Now, DtlsRole.Client);
        return this;
    }

    /// <summary>Runs until the condition holds, nothing more can happen, or the virtual time is over.</summary>
    public bool RunUntil(Func<bool> condition, int seconds = 30)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        Drain();
        while (!condition())
        {
            var next = Instant.Min(Client.NextTimeout, Server.NextTimeout);
            if (_inFlight.TryPeek(out _, out var arrival))
            {
                next = Instant.Min(next, new Instant(arrival));
            }

            if (next.IsNever || next > end)
            {
                return false;
            }

            Step(Instant.Max(Now, next));
        }

        return true;
    }

    public bool Connect() => RunUntil(() => Client.State == DtlsState.Connected && Server.State == DtlsState.Connected);

    public void Inject(DtlsSession to, byte[] bytes)
    {
        to.Handle(Now, bytes);
        Drain();
    }

    public void Drain()
    {
        Drain(Client, Server, ClientEvents);
        Drain(Server, Client, ServerEvents);
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private void Step(Instant now)
    {
        Now = now;
        while (_inFlight.TryPeek(out var packet, out var arrival) && arrival <= now.Ticks)
        {
            _inFlight.Dequeue();
            packet.To.Handle(now, packet.Bytes);
            Drain();
        }

        foreach (var session in new[] { Client, Server })
        {
            if (session.NextTimeout <= now)
            {
                session.HandleTimeout(now);
            }
        }

        Drain();
    }

    private void Drain(DtlsSession from, DtlsSession to, List<DtlsEvent> events)
    {
        while (from.TryTransmit(Now, _buffer, out var length))
        {
            byte[]? datagram = _buffer.AsSpan(0, length).ToArray();
            Sent.Add(datagram);
            datagram = Tap is null ? datagram : Tap(from, datagram);
            var copies = datagram is null || _random.NextDouble() < Loss ? 0 : _random.NextDouble() < Duplication ? 2 : 1;
            for (var i = 0; i < copies; i++)
            {
                _inFlight.Enqueue((to, datagram!), (Now + Delay + (Jitter * _random.NextDouble())).Ticks);
            }
        }

        while (from.TryDequeue(out var e))
        {
            events.Add(e);
        }
    }
}
