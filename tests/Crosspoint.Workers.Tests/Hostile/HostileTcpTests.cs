using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Crosspoint.Contracts.Rtp;
using Crosspoint.Net.Tcp;

namespace Crosspoint.Workers.Tests.Hostile;

/// <summary>Connections to the shared TCP port that mean no good, while a call goes on over UDP and one over TCP.</summary>
[Collection(AloneCollection.Name)]
public class HostileTcpTests
{
    private static readonly WorkerPoolOptions Options = TestCall.Options with
    {
        StrangerDatagramsPerSecond = 100_000,
        AllStrangersDatagramsPerSecond = 100_000,
        Tcp = new TcpListenerOptions { FirstFrameDeadline = TimeSpan.FromMilliseconds(300), SweepInterval = TimeSpan.FromMilliseconds(50), MaxBacklogBytes = 16 << 10, SendBufferBytes = 8 << 10 },
    };

    [Fact]
    public async Task A_first_frame_that_never_ends_is_cut_off()
    {
        await using RunningCall running = await RunningCall.StartAsync(Options);
        TransportOffer open = await running.Call.Router.CreateTransportAsync();
        using Socket loris = await ConnectAsync(running);
        await loris.SendAsync(Frame(RawPeer.Check(open.Ice)).AsMemory(0, 30));
        await AwaitEndAsync(loris);
        await AwaitAsync(() => running.Call.Pool.TcpStatistics!.Value.Closed(TcpCloseReason.FirstFrameDeadline) == 1);
        await running.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_connection_that_names_no_transport_is_closed_at_once()
    {
        await using RunningCall running = await RunningCall.StartAsync(Options);
        foreach (byte[] first in new[] { RawPeer.Check(new IceParameters { UsernameFragment = "nobody", Password = "x" }), RawPeer.ClientHello(running.Call.Identity), "GET / HTTP/1.1\r\n\r\n"u8.ToArray() })
        {
            using Socket stranger = await ConnectAsync(running);
            await stranger.SendAsync(Frame(first));
            await AwaitEndAsync(stranger);
        }

        await AwaitAsync(() => running.Call.Pool.TcpStatistics!.Value.Closed(TcpCloseReason.NoOwner) == 3);
        await running.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_connection_that_guesses_passwords_is_closed_after_a_few()
    {
        await using RunningCall running = await RunningCall.StartAsync(Options);
        TransportOffer open = await running.Call.Router.CreateTransportAsync();
        using Socket guesser = await ConnectAsync(running);
        byte[] guess = Frame(RawPeer.Check(open.Ice, password: "wrong"));
        for (int i = 0; i < 16; i++)
        {
            await guesser.SendAsync(guess);
        }

        await AwaitEndAsync(guesser);
        await AwaitAsync(() => running.Call.Pool.TcpStatistics!.Value.Closed(TcpCloseReason.NoOwner) == 1);
        WorkerSnapshot worker = await AwaitNoConnectionAsync(running);
        Assert.Equal(16, worker.IceDrops.Of(Rtc.Ice.IceDropReason.IntegrityMismatch));
        RunningCall.AssertAccounted(worker);
        await running.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_peer_that_floods_frames_and_never_reads_is_cut_off_and_the_worker_goes_on()
    {
        await using RunningCall running = await RunningCall.StartAsync(Options);
        TransportOffer open = await running.Call.Router.CreateTransportAsync();
        using Socket flooder = await ConnectAsync(running, receiveBuffer: 4096);
        byte[] check = Frame(RawPeer.Check(open.Ice));
        byte[] many = [.. Enumerable.Repeat(check, 100).SelectMany(bytes => bytes)];
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            // Answers fill the kernel's buffers first, then our own backlog; both are bounded.
            long begun = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begun) < TestCall.Limit)
            {
                await flooder.SendAsync(many).WaitAsync(TestCall.Limit);
            }
        });
        await AwaitAsync(() => running.Call.Pool.TcpStatistics!.Value.Closed(TcpCloseReason.BacklogFull) == 1);
        WorkerSnapshot worker = await AwaitNoConnectionAsync(running);
        Assert.True(worker.Counters.Drops.Of(WorkerDropReason.TcpBacklogFull) > 0);
        RunningCall.AssertAccounted(worker);
        await running.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_peer_that_opens_connection_after_connection_keeps_a_few()
    {
        await using RunningCall running = await RunningCall.StartAsync(Options);
        TransportOffer open = await running.Call.Router.CreateTransportAsync();
        List<Socket> all = [];
        byte[] answer = new byte[512];
        for (int i = 0; i < 40; i++)
        {
            Socket one = await ConnectAsync(running);
            all.Add(one);
            await one.SendAsync(Frame(RawPeer.Check(open.Ice)));
            Assert.True(await one.ReceiveAsync(answer).WaitAsync(TestCall.Limit) > 0);
        }

        Assert.InRange((await running.Call.Router.GetWorkerSnapshotAsync()).TcpConnections, 1, 8);
        await running.Call.Router.CloseTransportAsync(open.Id);
        await AwaitAsync(() => running.Call.Pool.TcpStatistics!.Value.Open == 0);
        all.ForEach(one => one.Dispose());
        await running.AssertUnharmedAsync();
    }

    private static async Task<Socket> ConnectAsync(RunningCall running, int receiveBuffer = 0)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        await socket.ConnectAsync(IPAddress.Loopback, running.Call.Pool.Ports.Tcp);
        return socket;
    }

    private static byte[] Frame(byte[] datagram)
    {
        byte[] framed = new byte[2 + datagram.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)datagram.Length);
        datagram.CopyTo(framed, 2);
        return framed;
    }

    // Whatever still comes is passed over.
    private static async Task AwaitEndAsync(Socket socket)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(TestCall.Limit) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an end as well.
        }
    }

    // The listener counts on its own threads: a moment after the peer has seen the end.
    // The listener counts a close before the worker hears of it.
    private static async Task<WorkerSnapshot> AwaitNoConnectionAsync(RunningCall running)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        using CancellationTokenSource limit = new(TestCall.Limit);
        WorkerSnapshot worker = await running.Call.Router.GetWorkerSnapshotAsync();
        while (worker.TcpConnections > 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
            worker = await running.Call.Router.GetWorkerSnapshotAsync();
        }

        return worker;
    }

    private static async Task AwaitAsync(Func<bool> condition)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        using CancellationTokenSource limit = new(TestCall.Limit);
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
