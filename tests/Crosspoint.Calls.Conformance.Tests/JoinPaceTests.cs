using System.Net.WebSockets;
using Crosspoint.Calls.Conformance.Tests.Support;
using Crosspoint.Calls.Door;
using Microsoft.Extensions.DependencyInjection;

namespace Crosspoint.Calls.Conformance.Tests;

/// <summary>More want in than the pace allows: they wait with their upgrade unanswered, those who come back first, and beyond the bound a clear no.</summary>
public class JoinPaceTests
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Who_comes_back_is_let_in_before_a_newcomer_who_waits_longer()
    {
        await using TestServer server = await StartAsync();
        using TestClient first = await server.ConnectAsync();
        Task<TestClient> newcomer = server.ConnectAsync();
        await WaitingAsync(server, 0, 1);
        Task<TestClient> returning = TestClient.ConnectAsync(new UriBuilder(server.WebSocket) { Query = "returning=1" }.Uri);
        await WaitingAsync(server, 1, 1);

        server.Time.Advance(Turn);
        using TestClient back = await returning;
        Assert.True((await back.RequestAsync("PING")).Ok);
        Assert.False(newcomer.IsCompleted);
        server.Time.Advance(Turn);
        using TestClient second = await newcomer;
        Assert.True((await second.RequestAsync("PING")).Ok);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_line_and_the_place_of_its_address()
    {
        await using TestServer server = await StartAsync();
        using TestClient first = await server.ConnectAsync();
        using ClientWebSocket impatient = new();
        using CancellationTokenSource patience = new();
        Task connecting = impatient.ConnectAsync(server.WebSocket, patience.Token);
        await WaitingAsync(server, 0, 1);
        Assert.Equal(2, Figures(server).Sockets);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => connecting);
        await WaitingAsync(server, 0, 0);
        await UntilAsync(() => Figures(server).Sockets == 1, "the place to be given back");
    }

    [Fact]
    public async Task Beyond_the_bound_the_socket_is_told_to_try_again_later()
    {
        await using TestServer server = await StartAsync();
        using TestClient first = await server.ConnectAsync();
        Task<TestClient>[] waiting = [server.ConnectAsync(), server.ConnectAsync()];
        await WaitingAsync(server, 0, 2);
        using TestClient refused = await server.ConnectAsync();
        Assert.Equal((1013, "JOIN_QUEUE_FULL"), await refused.ClosedAsync());
        server.Time.Advance(2 * Turn);
        foreach (TestClient client in await Task.WhenAll(waiting))
        {
            Assert.True((await client.RequestAsync("PING")).Ok);
            client.Dispose();
        }
    }

    [Fact]
    public async Task A_server_that_stops_tells_those_who_wait()
    {
        TestServer server = await StartAsync();
        using TestClient first = await server.ConnectAsync();
        Task<TestClient> waiting = server.ConnectAsync();
        await WaitingAsync(server, 0, 1);
        Task stopping = server.DisposeAsync().AsTask();
        using TestClient told = await waiting;
        Assert.Equal((1001, "SERVER_SHUTDOWN"), await told.ClosedAsync());
        await first.ClosedAsync();
        await stopping;
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(options => options with
    {
        Limits = options.Limits with { JoinRate = 1, JoinBurst = 1, JoinWait = TimeSpan.FromSeconds(2) },
        Sessions = options.Sessions with { AuthDeadline = TimeSpan.FromSeconds(60), Silence = TimeSpan.FromSeconds(60) },
    });

    private static DoorFigures Figures(TestServer server) => server.Services.GetRequiredService<CallsDoor>().Figures();

    private static Task WaitingAsync(TestServer server, int returning, int newcomers) => UntilAsync(
        () => Figures(server) is { } now && (now.WaitingReturning, now.WaitingNewcomers) == (returning, newcomers),
        $"{returning} returning and {newcomers} newcomers in line");

    // The server's own threads bring it there; the clock that counts stands still meanwhile.
    private static async Task UntilAsync(Func<bool> isSo, string what)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (!isSo())
        {
            Assert.False(limit.IsCancellationRequested, "waited in vain for " + what);
            await Task.Yield();
        }
    }
}
