using System.Diagnostics.Metrics;
using Crosspoint.Calls.Conformance.Tests.Support;
using Crosspoint.Contracts.Metrics;

namespace Crosspoint.Server.Tests.Metrics;

/// <summary>Nothing is promised that is not there: the real server, with native media, against the catalogue.</summary>
public sealed class MetricsCoverageTests
{
    [Fact]
    public async Task A_server_with_native_media_exposes_every_metric_of_the_catalogue()
    {
        HashSet<string> made = [];
        using MeterListener listener = new() { InstrumentPublished = (instrument, _) => Note(made, instrument) };
        listener.Start();
        await using TestServer server = await TestServer.StartAsync(options => options with { Media = options.Media with { Enabled = true, Workers = 1 } });
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        Reply transport = await alice.RequestAsync("TRANSPORT_CREATE", new { roomId = "r", direction = "send" });
        Assert.True(transport.Ok, transport.ToString());

        string text = await ScrapeAsync(server);
        Assert.Empty(MetricCatalogue.All.Where(row => !made.Contains(row.Name)).Select(row => row.Name));
        Assert.Empty(MetricCatalogue.All.Where(row => !AppearsLater(row) && !text.Contains($"# TYPE {row.Name} ", StringComparison.Ordinal)).Select(row => row.Name));
        (int exit, string said) = await Promtool.CheckAsync(text);
        Assert.True(exit == 0 && said.Length == 0, $"promtool check metrics: exit {exit}\n{said}");
        alice.Dispose();
    }

    [Fact]
    public async Task What_the_workers_count_reaches_the_text()
    {
        await using TestServer server = await TestServer.StartAsync(options => options with { Media = options.Media with { Enabled = true, Workers = 1 } });
        (TestClient alice, _) = await server.CreateAsync("alice", "r");
        await alice.RequestAsync("TRANSPORT_CREATE", new { roomId = "r", direction = "send" });
        string text = await ScrapeAsync(server);

        // A worker publishes once a second; asked until then, for at most ten.
        for (int tries = 0; tries < 100 && Value(text, "crosspoint_transports{state=\"new\"}") < 1; tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            text = await ScrapeAsync(server);
        }

        Assert.True(Value(text, "crosspoint_transports{state=\"new\"}") >= 1, text);
        Assert.True(Value(text, "crosspoint_worker_commands_total{worker=\"0\"}") >= 2, text);
        Assert.InRange(Value(text, "crosspoint_worker_busy_ratio{worker=\"0\"}"), double.Epsilon, 64);
        Assert.Equal(0, Value(text, "crosspoint_media_dropped_packets_total{reason=\"receive_kernel_buffer_full\",stage=\"socket\"}"));
        alice.Dispose();
    }

    // The door's counters with labels, and its histograms, appear with the first thing they count; everything else is there from the start.
    private static bool AppearsLater(MetricDescriptor row) => row.Type == MetricType.Histogram
        || (row.Type == MetricType.Counter && row.Labels.Count > 0 && row.Name.StartsWith("calls_", StringComparison.Ordinal));

    private static void Note(HashSet<string> made, Instrument instrument)
    {
        lock (made)
        {
            made.Add(instrument.Name);
        }
    }

    private static async Task<string> ScrapeAsync(TestServer server)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/metrics");
        request.Headers.Accept.ParseAdd("text/plain");
        return await (await server.Client.SendAsync(request)).Content.ReadAsStringAsync();
    }

    private static double Value(string text, string series) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal)) is { } line
            ? double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture)
            : double.NaN;
}
