using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Crosspoint.Net.Tcp;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tests;

public sealed class TcpListenerHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _clock = new();
    private readonly Owner _owner = new();

    private TcpListenerOptions Options => new() { Address = IPAddress.Loopback, TimeProvider = _clock };

    [Fact]
    public async Task Frames_go_both_ways_and_the_first_one_chooses_the_owner()
    {
        byte[]? peeked = null;
        await using TcpListenerHost host = TcpListenerHost.Start(Options, (_, first) =>
        {
            peeked = first.ToArray();
            return _owner;
        });
        var client = new Owner();
        using TcpFramedConnection connection = await TcpFramedConnection.ConnectAsync(host.LocalAddress, client);
        Assert.True(connection.TrySend([1, 2, 3]));
        Assert.True(connection.TrySend([4]));

        (TcpFramedConnection Connection, byte[] Frame) got = await _owner.NextFrame();
        Assert.Equal([1, 2, 3], got.Frame);
        Assert.Equal([1, 2, 3], peeked!);
        Assert.Equal(connection.LocalAddress, got.Connection.RemoteAddress);
        Assert.Equal(TransportProtocol.Tcp, got.Connection.RemoteAddress.Protocol);
        Assert.Equal([4], (await _owner.NextFrame()).Frame);

        byte[] large = Enumerable.Range(0, 4096).Select(i => (byte)i).ToArray();
        for (int i = 0; i < 20; i++)
        {
            Assert.True(got.Connection.TrySend(large));
            Assert.Equal(large, (await client.NextFrame()).Frame);
        }

        Assert.Equal(20, connection.FramesReceived);
        Assert.Equal(2, connection.FramesSent);
    }

    [Fact]
    public async Task A_stream_in_single_bytes_is_understood()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => _owner);
        using TcpClient raw = await Connect(host);
        foreach (byte part in new byte[] { 0, 0, 0, 2, 7, 8, 0, 1, 9 })
        {
            await raw.GetStream().WriteAsync(new[] { part });
        }

        Assert.Equal([7, 8], (await _owner.NextFrame()).Frame);
        Assert.Equal([9], (await _owner.NextFrame()).Frame);
    }

    [Fact]
    public async Task A_connection_without_a_first_frame_is_closed_at_the_deadline()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => _owner);
        using TcpClient raw = await Connect(host);
        // Neither empty frames nor half a frame buy time.
        await raw.GetStream().WriteAsync(new byte[] { 0, 0, 0, 0, 0, 9, 1 });
        await Until(() => host.Statistics.Open == 1, "the connection to be accepted");
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(1, host.Statistics.Open);
        _clock.Advance(TimeSpan.FromSeconds(0.6));
        await Ended(host, TcpCloseReason.FirstFrameDeadline);
        await AssertGone(raw);
    }

    [Fact]
    public async Task A_slow_loris_is_closed_at_the_frame_deadline()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => _owner);
        using TcpClient raw = await Connect(host);
        await raw.GetStream().WriteAsync(new byte[] { 0, 1, 7, 0, 9, 1 });
        await _owner.NextFrame();
        for (int second = 0; second < 11; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            if (second < 5)
            {
                await raw.GetStream().WriteAsync(new byte[] { 1 });
            }
        }

        await Ended(host, TcpCloseReason.FrameDeadline);
        Assert.Equal(TcpCloseReason.FrameDeadline, await _owner.NextClose());
    }

    [Fact]
    public async Task A_connection_on_which_nothing_comes_is_closed_and_one_that_talks_is_not()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => _owner);
        using TcpClient silent = await Connect(host);
        using TcpClient talking = await Connect(host);
        byte[] frame = [0, 1, 7];
        await silent.GetStream().WriteAsync(frame);
        await _owner.NextFrame();
        for (int i = 0; i < 4; i++)
        {
            await talking.GetStream().WriteAsync(frame);
            await _owner.NextFrame();
            _clock.Advance(TimeSpan.FromSeconds(20));
        }

        await Ended(host, TcpCloseReason.Idle);
        Assert.Equal(1, host.Statistics.Open);
    }

    [Fact]
    public async Task A_frame_that_is_too_long_closes()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => _owner);
        using TcpClient raw = await Connect(host);
        await raw.GetStream().WriteAsync(new byte[] { 0x10, 0x01 });
        await Ended(host, TcpCloseReason.FrameTooLong);
        await AssertGone(raw);
    }

    [Fact]
    public async Task A_first_frame_that_nobody_wants_closes()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => null);
        using TcpClient raw = await Connect(host);
        await raw.GetStream().WriteAsync(new byte[] { 0, 1, 7 });
        await Ended(host, TcpCloseReason.NoOwner);
        await AssertGone(raw);
    }

    [Fact]
    public async Task An_owner_that_throws_loses_that_connection_only()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => _owner);
        using TcpClient bad = await Connect(host);
        using TcpClient good = await Connect(host);
        await bad.GetStream().WriteAsync(new byte[] { 0, 1, Owner.Poison });
        await Ended(host, TcpCloseReason.OwnerFailed);
        await good.GetStream().WriteAsync(new byte[] { 0, 1, 7 });
        Assert.Equal([7], (await _owner.NextFrame()).Frame);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_dropped_when_its_backlog_is_full()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options with { MaxBacklogBytes = 20_000 }, (_, _) => _owner);
        using TcpClient raw = await Connect(host);
        await raw.GetStream().WriteAsync(new byte[] { 0, 1, 7 });
        TcpFramedConnection connection = (await _owner.NextFrame()).Connection;
        byte[] frame = new byte[4096];
        int taken = 0;
        while (connection.TrySend(frame))
        {
            Assert.True(++taken < 1_000_000, "the backlog has no bound");
        }

        Assert.False(connection.TrySend(frame));
        await Ended(host, TcpCloseReason.BacklogFull);
        Assert.Equal(TcpCloseReason.BacklogFull, await _owner.NextClose());
    }

    [Fact]
    public async Task A_peer_that_goes_is_told_to_the_owner()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => _owner);
        using (TcpClient polite = await Connect(host))
        {
            await polite.GetStream().WriteAsync(new byte[] { 0, 1, 7 });
            await _owner.NextFrame();
        }

        Assert.Equal(TcpCloseReason.PeerClosed, await _owner.NextClose());
        using (TcpClient rude = await Connect(host))
        {
            await rude.GetStream().WriteAsync(new byte[] { 0, 1, 7 });
            await _owner.NextFrame();
            rude.Client.LingerState = new LingerOption(enable: true, seconds: 0);
            rude.Client.Dispose();
        }

        Assert.Equal(TcpCloseReason.PeerReset, await _owner.NextClose());
    }

    [Fact]
    public async Task Connections_above_the_limits_are_refused_and_room_is_given_back()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options with { MaxConnectionsPerAddress = 2 }, (_, _) => _owner);
        using TcpClient first = await Connect(host);
        TcpClient second = await Connect(host);
        await ConnectInVain(host);
        await Ended(host, TcpCloseReason.TooManyFromAddress);
        second.Dispose();
        await Ended(host, TcpCloseReason.PeerClosed);
        using TcpClient fourth = await Connect(host);
        await Until(() => host.Statistics.Open == 2, "the place to be taken again");
        Assert.Equal(4, host.Statistics.Accepted);
    }

    [Fact]
    public async Task The_limit_over_all_addresses_holds()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options with { MaxConnections = 1 }, (_, _) => _owner);
        using TcpClient first = await Connect(host);
        await ConnectInVain(host);
        await Ended(host, TcpCloseReason.TooManyConnections);
        Assert.Equal(1, host.Statistics.Open);
    }

    [Fact]
    public async Task Stopping_closes_everything_and_frees_the_port()
    {
        TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => _owner);
        var client = new Owner();
        TcpFramedConnection connection = await TcpFramedConnection.ConnectAsync(host.LocalAddress, client);
        connection.TrySend([7]);
        await _owner.NextFrame();
        await host.DisposeAsync();
        Assert.Equal(TcpCloseReason.HostStopped, await _owner.NextClose());
        Assert.Equal(TcpCloseReason.PeerReset, await client.NextClose());
        Assert.Equal(TcpCloseReason.PeerReset, await connection.Closed);
        Assert.False(connection.TrySend([1]));
        await using TcpListenerHost again = TcpListenerHost.Start(Options with { MinPort = host.LocalAddress.Port }, (_, _) => _owner);
    }

    [Fact]
    public async Task An_opened_connection_keeps_its_own_idle_limit()
    {
        await using TcpListenerHost host = TcpListenerHost.Start(new TcpListenerOptions { Address = IPAddress.Loopback }, (_, _) => _owner);
        var client = new Owner();
        using TcpFramedConnection connection = await TcpFramedConnection.ConnectAsync(host.LocalAddress, client, new TcpConnectionOptions { TimeProvider = _clock });
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TcpCloseReason.None, connection.CloseReason);
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal(TcpCloseReason.Idle, await client.NextClose());
    }

    [Fact]
    public async Task Connecting_to_a_closed_port_says_so()
    {
        TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => _owner);
        await host.DisposeAsync();
        await Assert.ThrowsAsync<SocketException>(async () => await TcpFramedConnection.ConnectAsync(host.LocalAddress, _owner));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4097)]
    public async Task Sending_a_frame_of_a_wrong_length_is_misuse(int length)
    {
        await using TcpListenerHost host = TcpListenerHost.Start(Options, (_, _) => _owner);
        using TcpFramedConnection connection = await TcpFramedConnection.ConnectAsync(host.LocalAddress, new Owner());
        Assert.Throws<ArgumentOutOfRangeException>(() => connection.TrySend(new byte[length]));
    }

    [Fact]
    public void Sources_are_counted_by_IPv4_address_and_by_IPv6_network()
    {
        var limiter = new ConnectionLimiter(10, 1);
        Assert.Equal(TcpCloseReason.None, limiter.Enter(At("192.0.2.1")));
        Assert.Equal(TcpCloseReason.None, limiter.Enter(At("192.0.2.2")));
        Assert.Equal(TcpCloseReason.TooManyFromAddress, limiter.Enter(At("192.0.2.1")));
        Assert.Equal(TcpCloseReason.None, limiter.Enter(At("2001:db8:0:1::1")));
        Assert.Equal(TcpCloseReason.TooManyFromAddress, limiter.Enter(At("2001:db8:0:1:ffff::2")));
        Assert.Equal(TcpCloseReason.None, limiter.Enter(At("2001:db8:0:2::1")));
        limiter.Leave(At("2001:db8:0:1::1"));
        Assert.Equal(TcpCloseReason.None, limiter.Enter(At("2001:db8:0:1:ffff::2")));
        Assert.Equal(4, limiter.Total);
    }

    private static TransportAddress At(string ip) => TransportAddress.From(IPAddress.Parse(ip), 1, TransportProtocol.Tcp);

    private static async Task<TcpClient> Connect(TcpListenerHost host)
    {
        var client = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true };
        await client.ConnectAsync(host.LocalAddress.ToIPEndPoint());
        return client;
    }

    private static async Task ConnectInVain(TcpListenerHost host)
    {
        try
        {
            using TcpClient client = await Connect(host);
            await AssertGone(client);
        }
        catch (SocketException)
        {
            // Already reset when connect looked.
        }
    }

    private static Task Ended(TcpListenerHost host, TcpCloseReason reason) =>
        Until(() => host.Statistics.Closed(reason) == 1, $"one connection to end with {reason}");

    private static async Task AssertGone(TcpClient client)
    {
        try
        {
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(Patience));
        }
        catch (IOException)
        {
            // A reset says the same.
        }
    }

    private static async Task Until(Func<bool> condition, string what)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"waited for {what}");
            await Task.Yield();
        }
    }

    private sealed class Owner : ITcpFrameOwner
    {
        public const byte Poison = 0xBB;

        private readonly Channel<(TcpFramedConnection, byte[])> _frames = Channel.CreateUnbounded<(TcpFramedConnection, byte[])>();
        private readonly Channel<TcpCloseReason> _closes = Channel.CreateUnbounded<TcpCloseReason>();

        public Task<(TcpFramedConnection Connection, byte[] Frame)> NextFrame() => _frames.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public Task<TcpCloseReason> NextClose() => _closes.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public void OnFrame(TcpFramedConnection connection, ReadOnlySpan<byte> frame)
        {
            if (frame[0] == Poison)
            {
                throw new InvalidOperationException("A planted failure.");
            }

            _frames.Writer.TryWrite((connection, frame.ToArray()));
        }

        public void OnClosed(TcpFramedConnection connection, TcpCloseReason reason) => _closes.Writer.TryWrite(reason);
    }
}
