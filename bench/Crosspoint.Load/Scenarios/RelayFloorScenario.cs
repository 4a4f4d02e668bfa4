using System.Globalization;
using Crosspoint.Load.Floor;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>
/// The traffic of <c>delay</c> through a program that only hands datagrams on, once without computing and once computing for each as long as our server
/// does: the part of the delay that is the line before one core and this machine, and no server's.
/// </summary>
internal sealed class RelayFloorScenario : Scenario
{
    private const int Rooms = 128;
    private const int Watchers = 4;

    // docs/performance.md: what the server adds to the kernel's part of a packet at this load.
    private const int ServersNanoseconds = 1300;

    /// <inheritdoc/>
    public override string Name => "delay-floor";

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options) => server != "crosspoint"
        ? []
        : [Relay("relay"), Relay($"relay-{ServersNanoseconds}")];

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        using BareRooms rooms = new(bench.Options.LoadAddress, Rooms, Watchers, seed: 1);
        int busy = measured.Variant == "relay" ? 0 : ServersNanoseconds;
        string[] arguments =
        [
            BareRelay.Verb, "--from", $"{bench.Options.ServerAddress}", "--to", $"{bench.Options.LoadAddress}", "--ports", string.Join(',', rooms.Ports),
            "--fan", $"{Watchers}", "--busy-ns", busy.ToString(CultureInfo.InvariantCulture),
        ];
        await using ServerProcess relay = ServerProcess.Start(bench.BarePlan, System.Environment.ProcessPath!, arguments, new Dictionary<string, string>(StringComparer.Ordinal));
        await relay.WaitUntilAsync(() => Task.FromResult(relay.Output.Contains(BareRelay.Ready, StringComparison.Ordinal)), cancellationToken);
        int port = int.Parse(relay.Output[BareRelay.Ready.Length..], CultureInfo.InvariantCulture);
        rooms.Start(TransportAddress.From(bench.Options.ServerAddress, port));
        await Task.Delay(bench.Options.WarmUp, cancellationToken);
        await Window.CollectFirstAsync(cancellationToken);
        rooms.IsKept = true;
        Sample sample = await BareWindow.MeasureAsync(relay.Id, () => rooms.Received, bench.Options.Window * 2, cancellationToken);
        sample[Figures.Rooms] = Rooms;
        sample.SetDelays(rooms.Stop());
        return sample;
    }

    private Case Relay(string variant) => new(Name, "kernel", SrtpProfile.AeadAes128Gcm, 1, Watchers) { Variant = variant, IsSupporting = true };
}
