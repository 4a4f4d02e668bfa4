using Crosspoint.Load.Floor;
using Crosspoint.Load.Measure;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>
/// What the kernel of this machine asks for the datagrams of <c>call</c> and <c>audio</c>, with segmentation offload and without:
/// the part of every other figure that no server can save.
/// </summary>
internal sealed class FloorScenario : Scenario
{
    private const string Server = "kernel";

    /// <inheritdoc/>
    public override string Name => "floor";

    /// <inheritdoc/>
    public override IEnumerable<Case> Cases(string server, LoadOptions options)
    {
        if (server != "crosspoint")
        {
            yield break;
        }

        foreach ((string pattern, int publishers, int subscribers) in new[] { ("call", 1, 100), ("call", 1, 200), ("audio", 10, 200) })
        {
            yield return new Case(Name, Server, SrtpProfile.AeadAes128Gcm, publishers, subscribers) { Variant = pattern, IsSupporting = true };
        }

        yield return new Case(Name, Server, SrtpProfile.AeadAes128Gcm, 1, 100) { Variant = "call-one-by-one", IsSupporting = true };
    }

    /// <inheritdoc/>
    public override async Task<Sample> MeasureAsync(Case measured, Bench bench, CancellationToken cancellationToken)
    {
        using BareReceivers receivers = new(bench.Options.LoadAddress, measured.Subscribers);
        string[] variant = measured.Variant.Split('-', 2);
        string[] arguments =
        [
            BareSender.Verb, "--pattern", variant[0], "--from", $"{bench.Options.ServerAddress}", "--to", $"{bench.Options.LoadAddress}",
            "--ports", string.Join(',', receivers.Ports), .. variant.Length > 1 ? new[] { "--one-by-one" } : [],
        ];
        await using ServerProcess sender = ServerProcess.Start(bench.BarePlan, System.Environment.ProcessPath!, arguments, new Dictionary<string, string>(StringComparer.Ordinal));
        await sender.WaitUntilAsync(() => Task.FromResult(receivers.Received > 0), cancellationToken);
        await Task.Delay(bench.Options.WarmUp, cancellationToken);
        return await BareWindow.MeasureAsync(sender.Id, () => receivers.Received, bench.Options.Window, cancellationToken);
    }
}
