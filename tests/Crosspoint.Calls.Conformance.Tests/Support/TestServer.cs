using Crosspoint.Calls.Media;
using Crosspoint.Calls.Options;
using Crosspoint.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Crosspoint.Calls.Conformance.Tests.Support;

/// <summary>A real server on 127.0.0.1 with a clock of ours; every test has its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app, ManualTime time, Uri http)
    {
        (_app, Time, Http) = (app, time, http);
        WebSocket = new UriBuilder(http) { Scheme = "ws", Path = "/ws" }.Uri;
        Client = new HttpClient { BaseAddress = http };
    }

    public ManualTime Time { get; }

    public Uri Http { get; }

    public Uri WebSocket { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static RateOptions Unlimited { get; } = new()
    {
        Global = 100_000, Media = 100_000, Hello = 100_000, Auth = 100_000, E2eeCaps = 100_000, RoomCreate = 100_000,
        RoomJoin = 100_000, KeyPackage = 100_000, KeyAck = 100_000, RekeyBegin = 100_000, RekeyCommit = 100_000, RekeyRequest = 100_000, KeyTrouble = 100_000,
    };

    /// <summary>Options a test starts from: everybody may come in, nothing is limited, no media flows.</summary>
    public static CallsOptions Options { get; } = new()
    {
        Node = new() { Port = 0, BindAddress = "127.0.0.1", Drain = TimeSpan.FromSeconds(5) },
        Auth = new() { DevInsecure = true },
        Media = new() { Enabled = false },
        Limits = new() { SocketsPerIp = 100, Rates = Unlimited },
    };

    public static async Task<TestServer> StartAsync(Func<CallsOptions, CallsOptions>? change = null, IMediaPlane? media = null)
    {
        ManualTime time = new();
        CallsOptions options = change?.Invoke(Options) ?? Options;
        WebApplication app = await CrosspointServer.BuildAsync(options, new() { Time = time, Media = media, QuietLogs = true });
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new(app, time, new Uri(address));
    }

    /// <summary>A socket that has said nothing yet.</summary>
    public Task<TestClient> ConnectAsync() => TestClient.ConnectAsync(WebSocket);

    /// <summary>A socket that said HELLO and AUTH as this user, on this device.</summary>
    public async Task<TestClient> SignInAsync(string user, string? device = null)
    {
        TestClient client = await ConnectAsync();
        await client.HelloAsync(device ?? user + "-device");
        await client.AuthAsync(user);
        return client;
    }

    /// <summary>A signed-in device inside a room, which it creates if need be, ready for the current epoch.</summary>
    public async Task<TestClient> JoinAsync(string user, string roomId, string? joinToken = null, bool ready = true)
    {
        TestClient client = await SignInAsync(user);
        Reply joined = await client.RequestAsync("ROOM_JOIN", joinToken is null ? new { roomId } : new { roomId, joinToken });
        Assert.True(joined.Ok, joined.ToString());
        if (ready)
        {
            Assert.True((await client.RequestAsync("E2EE_READY", new { epoch = joined["ROOM_JOIN_OK"].GetProperty("epoch").GetInt64() })).Ok);
        }

        return client;
    }

    /// <summary>A room's creator inside it, and the token for others.</summary>
    public async Task<(TestClient Creator, string Token)> CreateAsync(string user, string roomId)
    {
        TestClient creator = await SignInAsync(user);
        Reply created = await creator.RequestAsync("ROOM_CREATE", new { roomId });
        string token = created["ROOM_CREATED"].GetProperty("joinToken").GetString()!;
        Reply joined = await creator.RequestAsync("ROOM_JOIN", new { roomId });
        Assert.True(joined.Ok, joined.ToString());
        Assert.True((await creator.RequestAsync("E2EE_READY", new { epoch = 0 })).Ok);
        return (creator, token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
