using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.CallsDoor;

/// <summary>Crosspoint itself: <c>crosspoint serve</c> as an operator starts it, with the limits raised that would stop a load of one address.</summary>
/// <param name="program">The built <c>crosspoint</c>.</param>
/// <param name="name">What it is called beside others.</param>
internal sealed class CrosspointServer(string program, string name = "crosspoint") : IServerUnderTest
{
    /// <summary>The setting that makes rooms encrypted.</summary>
    public const string E2eeProfile = "CALLS_E2EE_PROFILE";

    /// <summary>Its value for that.</summary>
    public const string EncryptedProfile = "mls-sframe-v1";

    private const int Port = 8888;

    private readonly HttpClient _http = new();
    private ServerProcess? _process;
    private string _token = "";
    private IPAddress _address = IPAddress.Loopback;
    private bool _isEncrypted;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Version { get; } = FileVersionInfo.GetVersionInfo(program + ".dll").ProductVersion ?? "";

    /// <inheritdoc/>
    public IReadOnlyList<int> ProcessIds => _process is null ? [] : [_process.Id];

    /// <summary>The end of what it printed.</summary>
    public string Output => _process?.Output ?? "";

    /// <inheritdoc/>
    public async Task StartAsync(ServerPlan plan, CancellationToken cancellationToken)
    {
        _address = plan.Address;
        _isEncrypted = plan.Environment.GetValueOrDefault(E2eeProfile) == EncryptedProfile;
        _process = ServerProcess.Start(plan, program, ["serve"], Environment(plan));
        await _process.WaitUntilAsync(IsHealthyAsync, cancellationToken);
        using HttpResponseMessage response = await _http.PostAsJsonAsync(Url("/api/dev/token"), new Dictionary<string, string> { ["name"] = "load" }, cancellationToken);
        JsonElement body = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        _token = body.GetProperty("accessToken").GetString()!;
    }

    /// <inheritdoc/>
    public Task<ILoadRoom> CreateRoomAsync(LoadEngine engine, string name, CancellationToken cancellationToken) =>
        Task.FromResult<ILoadRoom>(new CrosspointRoom(engine, new UriBuilder("ws", _address.ToString(), Port, "/ws").Uri, _token, name, _isEncrypted));

    /// <summary>Its metrics, as Prometheus text.</summary>
    public async Task<string> MetricsAsync(CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Url("/metrics"));
        request.Headers.Accept.ParseAdd("text/plain");
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _http.Dispose();
    }

    private static Dictionary<string, string> Environment(ServerPlan plan) => new(StringComparer.Ordinal)
    {
        ["NODE_ENV"] = "development", // for its access tokens; nothing on the packet's way depends on it
        ["CALLS_DEV_INSECURE_AUTH"] = "1",
        ["SFU_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
        ["SFU_BIND_ADDRESS"] = plan.Address.ToString(),
        ["SFU_ANNOUNCED_IP"] = plan.Address.ToString(),
        ["MEDIASOUP_WORKERS"] = plan.Workers.ToString(CultureInfo.InvariantCulture),
        ["CALLS_MAX_SOCKETS_PER_IP"] = "100000",
        ["CALLS_MAX_PARTICIPANTS_PER_ROOM"] = "1000",
        ["RL_GLOBAL"] = "10000", // a hundred join an encrypted room at once, and each is to be ready for the epoch of every other
        ["SFU_WORKER_MAX_LOAD"] = "100", // it is saturated on purpose
        ["CALLS_MAX_DOWNLINK_MBPS"] = "1000", // one receiver of the saturated core gets more than anybody in a call
        ["CALLS_SILENCE_SEC"] = "600",
        ["CALLS_DRAIN_SEC"] = "0",
    };

    private async Task<bool> IsHealthyAsync()
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(Url("/healthz"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Uri Url(string path) => new UriBuilder("http", _address.ToString(), Port, path).Uri;
}
