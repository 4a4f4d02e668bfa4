using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crosspoint.Load.Measure;

/// <summary>One line of the table: a case, and what its rounds measured.</summary>
internal sealed record Row
{
    public required string Server { get; init; }

    public required string ServerVersion { get; init; }

    public required string Scenario { get; init; }

    public required string Variant { get; init; }

    public required string Profile { get; init; }

    public required int Publishers { get; init; }

    public required int Subscribers { get; init; }

    public required int Rounds { get; init; }

    public string Receiver { get; init; } = "plain";

    public Figure? UsPerPacket { get; init; }

    public Figure? PacketsPerSecond { get; init; }

    public Figure? LostPercent { get; init; }

    public Figure? RssMb { get; init; }

    public Figure? RssPerSubscriberKb { get; init; }

    public Figure? RssPerPublisherKb { get; init; }

    public Figure? DelayP50Ms { get; init; }

    public Figure? DelayP99Ms { get; init; }

    public Figure? DelayP999Ms { get; init; }

    public Figure? JoinSeconds { get; init; }

    public Figure? ServerCpuPercent { get; init; }

    public Figure? LoadCpuPercent { get; init; }

    public Figure? SendLateMs { get; init; }

    /// <summary>Puts the rounds of a case together.</summary>
    public static Row Of(Case measured, string version, IReadOnlyList<Sample> samples) => new()
    {
        Server = measured.Server,
        ServerVersion = version,
        Scenario = measured.Scenario,
        Variant = measured.Variant,
        Profile = measured.ProfileName,
        Publishers = measured.Publishers,
        Subscribers = measured.Subscribers,
        Rounds = samples.Count,
        UsPerPacket = Figures(samples, sample => sample.UsPerPacket),
        PacketsPerSecond = Figures(samples, sample => sample.PacketsPerSecond),
        LostPercent = Figures(samples, sample => sample.LostPercent),
        RssMb = Figures(samples, sample => sample.RssMb),
        RssPerSubscriberKb = Figures(samples, sample => sample.RssPerSubscriberKb),
        RssPerPublisherKb = Figures(samples, sample => sample.RssPerPublisherKb),
        DelayP50Ms = Figures(samples, sample => sample.DelayP50Ms),
        DelayP99Ms = Figures(samples, sample => sample.DelayP99Ms),
        DelayP999Ms = Figures(samples, sample => sample.DelayP999Ms),
        JoinSeconds = Figures(samples, sample => sample.JoinSeconds),
        ServerCpuPercent = Figures(samples, sample => sample.ServerCpuPercent),
        LoadCpuPercent = Figures(samples, sample => sample.LoadCpuPercent),
        SendLateMs = Figures(samples, sample => sample.SendLateMs),
    };

    private static Figure? Figures(IReadOnlyList<Sample> samples, Func<Sample, double?> figure)
    {
        double[] values = [.. samples.Select(figure).OfType<double>()];
        return values.Length == 0 ? null : Figure.Of(values);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<Row>))]
internal sealed partial class RowJson : JsonSerializerContext
{
    /// <summary>For people's eyes too: a plus sign stays one.</summary>
    public static RowJson Plain() => new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
