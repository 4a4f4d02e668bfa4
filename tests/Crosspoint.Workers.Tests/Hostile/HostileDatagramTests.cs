using Crosspoint.Contracts.Rtp;
using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;

namespace Crosspoint.Workers.Tests.Hostile;

/// <summary>Strangers send everything there is while a call goes on.</summary>
[Collection(AloneCollection.Name)]
public class HostileDatagramTests
{
    private const int Strangers = 16;
    private const int DatagramsPerStep = 100;
    private const int Steps = 500;
    private const int Seed = 20_261;

    [Fact]
    public async Task Fifty_thousand_hostile_datagrams_are_all_accounted_for_and_the_call_does_not_notice()
    {
        await using RunningCall running = await RunningCall.StartAsync(TestCall.Options);
        TestCall call = running.Call;
        TransportOffer open = await call.Router.CreateTransportAsync();
        using RawPeer barrier = new(running.UdpPort, 0x0A01);
        RawPeer[] strangers = [.. Enumerable.Range(0, Strangers).Select(i => new RawPeer(running.UdpPort, 0x0B01 + i))];
        Random random = new(Seed);
        byte[][] valid = Templates(call, [call.Offers[running.Sender.Id].Ice, open.Ice]);
        barrier.Validate(open.Ice);
        WorkerSnapshot before = await call.Router.GetWorkerSnapshotAsync();

        for (int step = 0; step < Steps; step++)
        {
            for (int i = 0; i < DatagramsPerStep; i++)
            {
                strangers[random.Next(Strangers)].Send(Hostile(random, valid));
            }

            barrier.Validate(open.Ice);
        }

        WorkerSnapshot after = await call.Router.GetWorkerSnapshotAsync();
        Array.ForEach(strangers, stranger => stranger.Dispose());
        RunningCall.AssertAccounted(after);
        long lost = after.Socket.ReceiveDroppedKernelBufferFull - before.Socket.ReceiveDroppedKernelBufferFull;
        long tooLong = after.Socket.ReceiveDroppedTruncated - before.Socket.ReceiveDroppedTruncated;
        Assert.Equal(Steps * DatagramsPerStep, RunningCall.Dropped(after) - RunningCall.Dropped(before) + tooLong + lost);
        AssertEveryReasonSeen(before, after);
        Assert.Equal(before.Transports, after.Transports);
        Assert.Equal(before.Sources, after.Sources);
        await running.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_flood_of_checks_for_nobody_stops_at_the_gate_and_a_newcomer_from_elsewhere_still_gets_in()
    {
        await using RunningCall running = await RunningCall.StartAsync(TestCall.Options with { StrangerDatagramsPerSecond = 50 });
        TransportOffer open = await running.Call.Router.CreateTransportAsync();
        using RawPeer flooder = new(running.UdpPort, 0x0C01);
        using RawPeer newcomer = new(running.UdpPort, 0x0C02);
        byte[] nobody = RawPeer.Check(new IceParameters { UsernameFragment = "nobodynobody", Password = "x" });
        for (int i = 0; i < 5000; i++)
        {
            flooder.Send(nobody);
            if (i % 100 == 0)
            {
                newcomer.Validate(open.Ice);
            }
        }

        newcomer.Validate(open.Ice);
        WorkerSnapshot worker = await running.Call.Router.GetWorkerSnapshotAsync();
        Assert.True(worker.Counters.Drops.Of(WorkerDropReason.Flood) > 1000, $"{worker.Counters.Drops.Of(WorkerDropReason.Flood)} stopped");
        RunningCall.AssertAccounted(worker);
        await running.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_peer_that_changes_its_port_for_ever_keeps_a_bounded_number_of_addresses()
    {
        await using RunningCall running = await RunningCall.StartAsync(TestCall.Options with { StrangerDatagramsPerSecond = 10_000 });
        TransportOffer open = await running.Call.Router.CreateTransportAsync();
        int before = (await running.Call.Router.GetWorkerSnapshotAsync()).Sources;
        for (int i = 0; i < 300; i++)
        {
            using RawPeer hop = new(running.UdpPort, 0x0D01);
            hop.Validate(open.Ice);
        }

        WorkerSnapshot worker = await running.Call.Router.GetWorkerSnapshotAsync();
        Assert.InRange(worker.Sources - before, 1, TransportTable.MaxSourcesPerTransport);
        await running.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_check_reaches_the_transport_it_names_although_its_address_belongs_to_another()
    {
        await using TestCall call = await TestCall.StartAsync();
        TransportOffer first = await call.Router.CreateTransportAsync();
        TransportOffer second = await call.Router.CreateTransportAsync();
        using RawPeer peer = new(call.Pool.Ports.Udp[0], 0x0E01);
        peer.Validate(first.Ice);
        peer.Validate(second.Ice);
        peer.Validate(first.Ice);
        Assert.Equal(1, (await call.Router.GetWorkerSnapshotAsync()).Sources);
    }

    [Fact]
    public async Task A_check_that_is_refused_gets_its_answer_at_once()
    {
        await using TestCall call = await TestCall.StartAsync();
        TransportOffer open = await call.Router.CreateTransportAsync();
        using RawPeer peer = new(call.Pool.Ports.Udp[0], 0x0E02);
        peer.Send(RawPeer.Check(open.Ice, password: "wrong"));
        Assert.True(peer.TryAwait(bytes => bytes is [1, 0x11, ..]), "an error response (RFC 8489 §5)");
    }

    private static byte[][] Templates(TestCall call, IceParameters[] known)
    {
        List<byte[]> all = [RawPeer.ClientHello(call.Identity), RawPeer.Check(new IceParameters { UsernameFragment = "nobodynobody", Password = "x" })];
        foreach (IceParameters ice in known)
        {
            all.Add(RawPeer.Check(ice, password: "wrong"));
            all.Add(RawPeer.Check(ice, password: "wrong", padding: 1200));
        }

        return [.. all];
    }

    private static byte[] Hostile(Random random, byte[][] templates)
    {
        int kind = random.Next(1000);
        byte[] template = templates[random.Next(templates.Length)];
        return kind switch
        {
            < 300 => template,
            < 500 => template[..random.Next(template.Length)],
            < 700 => Mutated(random, template),
            < 800 => Garbage(random, first: 0x80, length: random.Next(12, 1200)),
            < 850 => Garbage(random, first: 0x40, length: random.Next(4, 1200)),
            < 998 => Garbage(random, first: -1, length: random.Next(0, 1200)),
            _ => Longest(random),
        };
    }

    private static byte[] Mutated(Random random, byte[] template)
    {
        byte[] copy = [.. template];
        copy[random.Next(copy.Length)] ^= (byte)random.Next(1, 256);
        return copy;
    }

    private static byte[] Garbage(Random random, int first, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        if (length > 0 && first >= 0)
        {
            bytes[0] = (byte)first;
        }

        return bytes;
    }

    // A STUN header that claims the most a datagram holds, and a datagram that holds it.
    private static byte[] Longest(Random random)
    {
        byte[] bytes = Garbage(random, first: 0, length: 65_504);
        (bytes[1], bytes[2], bytes[3]) = (1, (65_504 - 20) >> 8, (65_504 - 20) & 0xFF);
        new byte[] { 0x21, 0x12, 0xA4, 0x42 }.CopyTo(bytes, 4);
        return bytes;
    }

    private static void AssertEveryReasonSeen(WorkerSnapshot before, WorkerSnapshot after)
    {
        Assert.All(
            [WorkerDropReason.UnknownSource, WorkerDropReason.UnknownUsernameFragment, WorkerDropReason.Flood],
            reason => Assert.True(after.Counters.Drops.Of(reason) > before.Counters.Drops.Of(reason), reason.ToString()));
        Assert.True(after.PeerDrops.Of(PeerDropReason.StunRefused) > 0);
        Assert.True(after.IceDrops.Of(IceDropReason.IntegrityMismatch) > 0);
        Assert.True(after.IceDrops.Of(IceDropReason.FingerprintMismatch) > 0);
    }
}
