using System.Net;
using System.Net.Sockets;
using Crosspoint.Cli.Impair;
using Crosspoint.Netem;

namespace Crosspoint.Cli.Tests;

/// <summary>The proxy over loopback, in real time: bounds are wide above, for the machine may be busy, and tight below, for a link is never faster than it is.</summary>
public sealed class ImpairTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _server = Open();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task Packets_go_both_ways_unchanged()
    {
        await using Running proxy = new(Options(), _stop);
        using Socket client = Connect(proxy);
        client.Send([1, 2, 3]);
        (byte[] arrived, EndPoint from) = await ReceiveAsync(_server);
        Assert.Equal([1, 2, 3], arrived);
        await _server.SendToAsync(new byte[] { 4, 5 }, from);
        Assert.Equal([4, 5], (await ReceiveAsync(client)).Data);
    }

    [Fact]
    public async Task A_delay_is_kept()
    {
        await using Running proxy = new(Options(down: "delay=120ms"), _stop);
        using Socket client = Connect(proxy);
        client.Send([1]);
        (_, EndPoint from) = await ReceiveAsync(_server);
        long sent = System.Diagnostics.Stopwatch.GetTimestamp();
        await _server.SendToAsync(new byte[] { 2 }, from);
        await ReceiveAsync(client);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(sent) >= TimeSpan.FromMilliseconds(118));
    }

    [Fact]
    public async Task A_rate_is_kept_and_all_of_it_comes()
    {
        await using Running proxy = new(Options(up: "rate=400kbit,queue=5s"), _stop);
        using Socket client = Connect(proxy);
        long sent = System.Diagnostics.Stopwatch.GetTimestamp();
        for (int i = 0; i < 20; i++)
        {
            client.Send(new byte[972]); // 1000 bytes with headers: 20 ms
        }

        for (int i = 0; i < 20; i++)
        {
            await ReceiveAsync(_server);
        }

        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(sent) >= TimeSpan.FromMilliseconds(395));
    }

    [Fact]
    public async Task The_plan_can_be_changed_by_orders_and_the_links_report()
    {
        await using Running proxy = new(Options(up: "loss=100%"), _stop);
        using Socket client = Connect(proxy);
        client.Send([1]);
        string report = await WaitForAsync(() => proxy.Proxy.Ask(new ImpairOrder(null, null, null, IsReport: true)), text => text.Contains("Random=1", StringComparison.Ordinal));
        Assert.Contains("client 1", report, StringComparison.Ordinal);

        using TcpListener listener = ImpairControl.Open(0);
        Task listening = ImpairControl.ListenAsync(listener, proxy.Proxy, _stop.Token);
        using TcpClient connection = new();
        await connection.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using StreamReader reader = new(connection.GetStream());
        await using StreamWriter writer = new(connection.GetStream()) { AutoFlush = true };
        await writer.WriteLineAsync("client 1 up none");
        Assert.Equal("ok", await reader.ReadLineAsync().WaitAsync(Patience));
        await writer.WriteLineAsync("client 9 up none");
        Assert.StartsWith("error", await reader.ReadLineAsync().WaitAsync(Patience), StringComparison.Ordinal);
        await writer.WriteLineAsync("sideways loss=1%");
        Assert.StartsWith("error", await reader.ReadLineAsync().WaitAsync(Patience), StringComparison.Ordinal);

        client.Send([7]);
        Assert.Equal([7], (await ReceiveAsync(_server)).Data);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening.WaitAsync(Patience));
    }

    [Fact]
    public async Task Clients_beyond_the_bound_are_ignored_and_each_has_links_of_its_own()
    {
        await using Running proxy = new(Options() with { MaxClients = 2 }, _stop);
        using Socket first = Connect(proxy);
        using Socket second = Connect(proxy);
        using Socket third = Connect(proxy);
        first.Send([1]);
        EndPoint a = (await ReceiveAsync(_server)).From;
        second.Send([2]);
        EndPoint b = (await ReceiveAsync(_server)).From;
        Assert.NotEqual(a, b);
        third.Send([3]);
        await WaitForAsync(() => proxy.Proxy.Ask(new ImpairOrder(null, null, null, IsReport: true)), text => text.Contains("1 packets of clients beyond the 2th", StringComparison.Ordinal));
        first.Send([4]);
        Assert.Equal([4], (await ReceiveAsync(_server)).Data);
    }

    [Fact]
    public async Task A_client_that_fell_silent_makes_room()
    {
        await using Running proxy = new(Options() with { MaxClients = 1, ForgetAfter = TimeSpan.FromMilliseconds(50) }, _stop);
        using Socket first = Connect(proxy);
        first.Send([1]);
        await ReceiveAsync(_server);
        await WaitForAsync(() => proxy.Proxy.Ask(new ImpairOrder(null, null, null, IsReport: true)), text => text.StartsWith("0 clients", StringComparison.Ordinal));
        using Socket second = Connect(proxy);
        second.Send([2]);
        Assert.Equal([2], (await ReceiveAsync(_server)).Data);
    }

    [Theory]
    [InlineData("nowhere", "127.0.0.1:1", "", "--listen")]
    [InlineData("127.0.0.1:0", "127.0.0.1", "", "--to")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", "", "--to")]
    [InlineData("127.0.0.1:0", "127.0.0.1:1", "speed=1", "--up")]
    public async Task Arguments_that_make_no_sense_are_said(string listen, string to, string up, string named)
    {
        (ImpairOptions? options, string problem) = await ImpairCommand.ReadAsync(listen, to, up, "", CancellationToken.None);
        Assert.Null(options);
        Assert.Contains(named, problem, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _server.Dispose();
    }

    private ImpairOptions Options(string up = "", string down = "")
    {
        Assert.True(LinkPlanText.TryParse(up, 1, out LinkPlan upPlan, out _));
        Assert.True(LinkPlanText.TryParse(down, 1, out LinkPlan downPlan, out _));
        return new ImpairOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), To = (IPEndPoint)_server.LocalEndPoint!, Up = upPlan, Down = downPlan };
    }

    private static Socket Open()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static Socket Connect(Running proxy)
    {
        Socket socket = Open();
        socket.Connect(proxy.Proxy.Address);
        return socket;
    }

    private static async Task<(byte[] Data, EndPoint From)> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[2000];
        SocketReceiveFromResult result = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0)).WaitAsync(Patience);
        return (buffer[..result.ReceivedBytes], result.RemoteEndPoint);
    }

    private static async Task<string> WaitForAsync(Func<Task<string>> ask, Func<string, bool> holds)
    {
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            string answer = await ask().WaitAsync(Patience);
            if (holds(answer))
            {
                return answer;
            }

            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < Patience, $"waited for an answer of the proxy; the last was: {answer}");
        }
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop;
        private readonly Task _run;

        public Running(ImpairOptions options, CancellationTokenSource stop)
        {
            _stop = stop;
            Proxy = new ImpairProxy(options);
            _run = Task.Factory.StartNew(() => Proxy.Run(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public ImpairProxy Proxy { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run.WaitAsync(Patience);
            Proxy.Dispose();
        }
    }
}
