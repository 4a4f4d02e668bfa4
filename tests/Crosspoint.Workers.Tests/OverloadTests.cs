using System.Threading.Channels;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Negotiation;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Workers.Tests.Hostile;
using DtlsFingerprint = Crosspoint.Contracts.Rtp.DtlsFingerprint;
using DtlsRole = Crosspoint.Contracts.Rtp.DtlsRole;

namespace Crosspoint.Workers.Tests;

/// <summary>A worker whose thread is the test's: whatever comes, a turn stays short, commands are carried out, and every loss is counted.</summary>
public sealed class OverloadTests : IDisposable
{
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(DateTimeOffset.UtcNow);
    private readonly List<RawPeer> _peers = [];
    private Worker? _worker;

    [Fact]
    public async Task Flooded_it_answers_commands_in_the_same_turn_and_counts_what_the_kernel_dropped()
    {
        const int Flood = 5_000;
        Worker worker = Open(TestCall.Options with { ReceiveBufferBytes = 1 << 16 });
        RawPeer stranger = Peer(worker);
        byte[] datagram = new byte[500];
        datagram[0] = 0xFF; // nothing we speak
        for (int i = 0; i < Flood; i++)
        {
            stranger.Send(datagram); // on loopback it is queued or dropped when this returns
        }

        Task<int> command = worker.CallAsync(_ => 7);
        worker.RunOnce();
        Assert.True(command.IsCompletedSuccessfully);
        Assert.Equal(7, await command);

        int turns = 1;
        while (Dealt(worker) < Flood && turns < Flood)
        {
            worker.RunOnce();
            turns++;
        }

        WorkerSnapshot after = worker.TakeSnapshot();
        Assert.Equal(Flood, Dealt(worker));
        Assert.True(after.Socket.ReceiveDroppedKernelBufferFull > 0);
        Assert.Equal(after.Counters.DatagramsReceived, after.Counters.Drops.Of(WorkerDropReason.UnknownSource));
    }

    [Fact]
    public void A_turn_carries_out_a_bounded_number_of_commands_and_reads_datagrams_all_the_same()
    {
        Worker worker = Open(TestCall.Options);
        RawPeer stranger = Peer(worker);
        Task<int>[] commands = [.. Enumerable.Range(0, 100).Select(number => worker.CallAsync(_ => number))];
        for (int turn = 1; turn <= 7; turn++)
        {
            stranger.Send([1, 2, 3]);
            worker.RunOnce();
            Assert.Equal(Math.Min(100, turn * 16), commands.Count(command => command.IsCompleted));
            Assert.Equal(turn, worker.Meters.Counters.DatagramsReceived);
        }
    }

    [Fact]
    public void Frames_of_TCP_peers_do_not_delay_commands()
    {
        Worker worker = Open(TestCall.Options);
        int frames = 0;
        for (int i = 0; i < 1_000; i++)
        {
            worker.Post(new FakeFrame(() => frames++));
        }

        Task<bool> command = worker.CallAsync(_ => true);
        worker.RunOnce();
        Assert.True(command.IsCompleted);
        Assert.InRange(frames, 1, 999);
    }

    [Fact]
    public void Commands_for_a_worker_that_hangs_do_not_gather_for_ever()
    {
        Mailbox mailbox = new(() => { });
        int abandoned = 0;
        for (int i = 0; i < (1 << 16) + 10; i++)
        {
            mailbox.Post(new FakeCommand(() => abandoned++));
        }

        Assert.Equal(10, abandoned);
        Assert.True(mailbox.TryTake(out _));
        mailbox.Post(new FakeCommand(() => abandoned++));
        Assert.Equal(10, abandoned);
        mailbox.Close();
        Assert.Equal(10 + (1 << 16), abandoned);
    }

    [Fact]
    public void A_storm_of_handshakes_is_worked_off_a_few_each_turn()
    {
        const int Joins = 18;
        Worker worker = Open(TestCall.Options with { MaxPort = 45_999 });
        HostedRouter router = worker.OpenRouter(Plan(), isBranch: false);
        byte[] hello = RawPeer.ClientHello(_identity);
        List<RawPeer> clients = [];
        for (int i = 0; i < Joins; i++)
        {
            TransportOffer offer = router.CreateTransport();
            router.ConnectTransport(offer.Id, new DtlsParameters { Role = DtlsRole.Client, Fingerprints = [new DtlsFingerprint { Algorithm = _identity.Sha256.Algorithm, Value = _identity.Sha256.Value }] });
            RawPeer client = Peer(worker);
            client.Send(RawPeer.Check(offer.Ice));
            worker.RunOnce();
            clients.Add(client);
        }

        Assert.Equal(Joins, worker.TakeSnapshot().Sources);
        clients.ForEach(client => client.Send(hello));
        worker.RunOnce();
        Assert.Equal(Joins - 4, worker.Meters.Counters.HandshakesDelayed);
        Assert.Equal(4, clients.Count(IsAnswered));
        for (int turn = 2; turn <= 5; turn++)
        {
            worker.RunOnce();
        }

        Assert.All(clients.Skip(4), client => Assert.True(IsAnswered(client)));
        Assert.Equal(0, worker.Meters.Counters.Drops.Of(WorkerDropReason.HandshakeBacklogFull));
    }

    [Fact]
    public void One_client_cannot_take_the_places_of_the_others_handshakes()
    {
        Worker worker = Open(TestCall.Options);
        HostedRouter router = worker.OpenRouter(Plan(), isBranch: false);
        TransportOffer offer = router.CreateTransport();
        RawPeer client = Peer(worker);
        client.Send(RawPeer.Check(offer.Ice));
        worker.RunOnce();
        for (int i = 0; i < 60; i++)
        {
            client.Send([22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        }

        while (worker.Meters.Counters.DatagramsReceived < 1 + 60)
        {
            worker.RunOnce();
        }

        long dropped = worker.Meters.Counters.Drops.Of(WorkerDropReason.HandshakeBacklogFull);
        Assert.InRange(dropped, 1, 60 - 4 - 32);
        Assert.Equal(60 - 4, worker.Meters.Counters.HandshakesDelayed + dropped);
        router.CloseTransport(offer.Id); // what waits for it is forgotten
        worker.RunOnce();
        Assert.Equal(0, worker.TakeSnapshot().Transports);
    }

    public void Dispose()
    {
        _peers.ForEach(peer => peer.Dispose());
        _worker?.Dispose();
        _identity.Dispose();
    }

    private static long Dealt(Worker worker)
    {
        WorkerSnapshot now = worker.TakeSnapshot();
        return now.Counters.DatagramsReceived + now.Socket.ReceiveDroppedKernelBufferFull;
    }

    private static bool IsAnswered(RawPeer client) => client.TryAwait(bytes => bytes[0] == 22);

    private static RouterPlan Plan() =>
        new(new RtpNegotiator(CodecPolicy.Default), new RoomNotifications(Channel.CreateUnbounded<RouterNotification>().Writer, 1, 5), 1 << 16);

    private Worker Open(WorkerPoolOptions options)
    {
        _worker = new Worker(0, options, new MonotonicClock(), new FragmentDirectory(), null, incident => Assert.Fail(incident.What));
        _worker.Open(default);
        return _worker;
    }

    private RawPeer Peer(Worker worker)
    {
        RawPeer peer = new(worker.UdpPort, 2);
        _peers.Add(peer);
        return peer;
    }

    private sealed class FakeFrame(Action body) : WorkerCommand
    {
        public override bool IsFrame => true;

        public override void Execute(Worker worker) => body();

        public override void Abandon()
        {
        }
    }

    private sealed class FakeCommand(Action abandoned) : WorkerCommand
    {
        public override void Execute(Worker worker)
        {
        }

        public override void Abandon() => abandoned();
    }
}
