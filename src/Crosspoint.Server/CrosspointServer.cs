using System.Net;
using Crosspoint.Calls.Auth;
using Crosspoint.Calls.Door;
using Crosspoint.Calls.Options;
using Crosspoint.Server.Endpoints;
using Crosspoint.Server.Metrics;
using Crosspoint.Workers;

namespace Crosspoint.Server;

/// <summary>The composition root: puts the parts together and maps the endpoints. No logic of its own.</summary>
public static class CrosspointServer
{
    /// <summary>Exit code when the configuration is not usable (EX_CONFIG).</summary>
    public const int UnusableConfiguration = 78;

    private static readonly TimeSpan IdentityTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Exit code when the server could not start for another reason.</summary>
    public const int CouldNotStart = 1;

    /// <summary>Reads the environment, serves until told to stop, and says in its exit code how it ended.</summary>
    public static async Task<int> RunAsync()
    {
        try
        {
            await using WebApplication app = await BuildAsync(CallsOptionsReader.Read());
            await app.RunAsync();
            return 0;
        }
        catch (InvalidConfigurationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return UnusableConfiguration;
        }
        catch (IOException exception)
        {
            // A port that is taken, most of the time.
            await Console.Error.WriteLineAsync("The server could not start: " + exception.Message);
            return CouldNotStart;
        }
    }

    /// <summary>A server, its media workers running, not yet listening. Its address is known after the start when the port was 0.</summary>
    public static async Task<WebApplication> BuildAsync(CallsOptions options, ServerParts? parts = null)
    {
        parts ??= new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = options.EnvironmentName });
        ConfigureHost(builder, options, parts);
        IncidentLog incidents = new();
        MediaPlaneOwner media = parts.Media is { } given ? MediaPlaneOwner.Of(given) : await MediaPlaneOwner.StartAsync(options.Media, options.E2ee.Frames, incidents.Report);
        AddServices(builder.Services, options, parts, media);

        WebApplication app = builder.Build();
        _ = app.Services.GetRequiredService<MetricsCollector>(); // listens before anything counts
        _ = app.Services.GetRequiredService<ServerMetrics>();
        ILogger mediaLog = app.Services.GetRequiredService<ILogger<WorkerPool>>();
        incidents.Begin(mediaLog);
        if (media.Workers is { } workers)
        {
            NetworkLog.Write(mediaLog, workers);
            CipherLog.Write(mediaLog, workers.SrtpEngine);
        }

        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = options.Sessions.Heartbeat });
        WebApp.Use(app, options.Node);
        HealthEndpoint.Map(app);
        MetricsEndpoint.Map(app);
        ConfigEndpoint.Map(app, options);
        DevTokenEndpoint.Map(app, options);
        SocketEndpoint.Map(app);
        app.MapFallback(NotFound.AnswerAsync);
        app.Lifetime.ApplicationStopping.Register(() => app.Services.GetRequiredService<CallsDoor>().Drain());
        return app;
    }

    private static void ConfigureHost(WebApplicationBuilder builder, CallsOptions options, ServerParts parts)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.MaxFrameBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            if (options.Node.BindAddress is { } address)
            {
                kestrel.Listen(IPAddress.Parse(address), options.Node.Port);
            }
            else
            {
                kestrel.ListenAnyIP(options.Node.Port);
            }
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Node.Drain);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (parts.AnnouncesItself)
        {
            builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        }

        if (parts.QuietLogs)
        {
            builder.Logging.ClearProviders();
        }
    }

    private static void AddServices(IServiceCollection services, CallsOptions options, ServerParts parts, MediaPlaneOwner media)
    {
        services.AddMetrics();
        services.AddSingleton(options);
        services.AddSingleton(parts.Time);
        services.AddSingleton(_ => media); // through a factory, so that the container disposes it, after the door
        services.AddSingleton(provider => provider.GetRequiredService<MediaPlaneOwner>().Plane);
        services.AddSingleton(_ => parts.Verifier ?? AccessTokenVerifiers.Create(options.Auth, IdentityClient(parts), parts.Time));
        services.AddSingleton<CallsMetrics>();
        services.AddSingleton<CallsDoor>();
        services.AddSingleton<NodeStatus>();
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton(_ => new MetricsCollector(meter => meter.Name.StartsWith("Crosspoint.", StringComparison.Ordinal)));
    }

    private static HttpClient IdentityClient(ServerParts parts) =>
        new(parts.IdentityHandler ?? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = IdentityTimeout };
}
