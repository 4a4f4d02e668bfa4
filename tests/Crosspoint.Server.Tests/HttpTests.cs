using System.Net;
using System.Text;
using System.Text.Json;
using Crosspoint.Calls.Conformance.Tests.Support;
using Crosspoint.Contracts.Metrics;

namespace Crosspoint.Server.Tests;

/// <summary>Everything on the port that is not the WebSocket.</summary>
public class HttpTests
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/healthz")]
    [InlineData("/ready")]
    public async Task Health_says_what_the_contract_shows(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        server.Time.Advance(TimeSpan.FromSeconds(7));
        HttpResponseMessage response = await server.Client.GetAsync(path);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("\"status\":\"ok\"", text, StringComparison.Ordinal);
        JsonElement body = JsonElement.Parse(text);
        Assert.True(body.GetProperty("ok").GetBoolean());
        Assert.True(body.GetProperty("wsReady").GetBoolean());
        Assert.Equal("tr", body.GetProperty("region").GetString());
        Assert.Equal("local-sfu-1", body.GetProperty("nodeId").GetString());
        Assert.Equal((1, 1), (body.GetProperty("rooms").GetInt32(), body.GetProperty("peers").GetInt32()));
        Assert.Equal(7, body.GetProperty("uptimeSec").GetDouble());
        Assert.True(body.GetProperty("failoverHints").GetProperty("healthy").GetBoolean());
        Assert.Equal("tr", body.GetProperty("failoverHints").GetProperty("preferredRegion").GetString());
        alice.Dispose();
    }

    [Fact]
    public async Task Metrics_are_JSON_unless_text_is_asked_for()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        JsonElement body = JsonElement.Parse(await server.Client.GetStringAsync("/metrics"));
        Assert.Equal(1, body.GetProperty("rooms").GetInt32());
        Assert.Equal(1, body.GetProperty("roomsByRegion").GetProperty("tr").GetInt32());
        Assert.Equal("fallback", body.GetProperty("mediaPlane").GetProperty("mode").GetString());
        using HttpRequestMessage request = new(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd("text/plain");
        HttpResponseMessage response = await server.Client.SendAsync(request);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("calls_ws_messages_total{type=\"ROOM_JOIN\"}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        alice.Dispose();
    }

    [Fact]
    public async Task Every_metric_that_is_exposed_is_in_the_catalogue()
    {
        await using TestServer server = await TestServer.StartAsync();
        (TestClient alice, string token) = await server.CreateAsync("alice", "r");
        using TestClient bob = await server.JoinAsync("bob", "r", token);
        await alice.RequestAsync("MAKE_COFFEE");
        using HttpRequestMessage request = new(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd("text/plain");
        string text = await (await server.Client.SendAsync(request)).Content.ReadAsStringAsync();
        string[] names = [.. text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(MetricCatalogue.All, row => row.Name == name || row.Name == name + "_total"));
        alice.Dispose();
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/ws")]
    [InlineData("/api")]
    [InlineData("/r")]
    public async Task Everything_else_is_a_JSON_404(string path)
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Node = options.Node with { WebRoot = "/does/not/exist" } });
        HttpResponseMessage response = await server.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("{\"error\":\"not_found\"}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_page_is_served_for_the_root_and_for_room_links_with_strict_headers()
    {
        string root = Directory.CreateTempSubdirectory("crosspoint-web").FullName;
        Directory.CreateDirectory(Path.Combine(root, "assets"));
        await File.WriteAllTextAsync(Path.Combine(root, "index.html"), "<!doctype html>page");
        await File.WriteAllTextAsync(Path.Combine(root, "assets", "app-1234.js"), "code");
        await using TestServer server = await TestServer.StartAsync(options => options with { Node = options.Node with { WebRoot = root } });
        foreach (string path in (string[])["/", "/r/my-room", "/r/my-room?t=token"])
        {
            HttpResponseMessage page = await server.Client.GetAsync(path);
            Assert.Equal("<!doctype html>page", await page.Content.ReadAsStringAsync());
            Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
            Assert.True(page.Headers.CacheControl!.NoCache);
            Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        }

        HttpResponseMessage asset = await server.Client.GetAsync("/assets/app-1234.js");
        Assert.Equal(TimeSpan.FromDays(365), asset.Headers.CacheControl!.MaxAge);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/assets/missing.js")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/../etc/passwd")).StatusCode);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task The_page_can_ask_for_its_configuration_and_in_development_for_a_token()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement config = JsonElement.Parse(await server.Client.GetStringAsync("/api/config"));
        Assert.Equal("/ws", config.GetProperty("wsPath").GetString());
        Assert.True(config.GetProperty("devLogin").GetBoolean());
        using StringContent name = new("{\"name\":\"Ann\"}", Encoding.UTF8, "application/json");
        JsonElement token = JsonElement.Parse(await (await server.Client.PostAsync("/api/dev/token", name)).Content.ReadAsStringAsync());
        using TestClient client = await server.ConnectAsync();
        Reply reply = await client.RequestAsync("AUTH", new { accessToken = token.GetProperty("accessToken").GetString() });
        Assert.Equal(token.GetProperty("userId").GetString(), reply["AUTH_OK"].GetProperty("userId").GetString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("{\"name\":7}")]
    [InlineData("{\"name\":\"\"}")]
    public async Task A_development_token_needs_a_name(string body)
    {
        await using TestServer server = await TestServer.StartAsync();
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Client.PostAsync("/api/dev/token", content)).StatusCode);
    }

    [Fact]
    public async Task Without_insecure_authentication_there_are_no_development_tokens()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with
        {
            Auth = new() { Hs256Secret = new(new string('s', 32)) },
        });
        using StringContent name = new("{\"name\":\"Ann\"}", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.PostAsync("/api/dev/token", name)).StatusCode);
        Assert.False(JsonElement.Parse(await server.Client.GetStringAsync("/api/config")).GetProperty("devLogin").GetBoolean());
        using TestClient client = await server.ConnectAsync();
        Assert.Equal("UNAUTHENTICATED", (await client.RequestAsync("AUTH", new { accessToken = TestClient.TokenOf("alice") })).Code);
    }
}
