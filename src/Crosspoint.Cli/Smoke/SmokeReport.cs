using System.Text.Json.Serialization;

namespace Crosspoint.Cli.Smoke;

/// <summary>What <c>smoke --json</c> prints.</summary>
internal sealed record SmokeReport
{
    /// <summary>"pass" or "fail".</summary>
    public required string Verdict { get; init; }

    /// <summary>Why it failed; empty when it passed.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>From opening the socket to the first decrypted media packet of the other peer, in ms.</summary>
    public required Percentiles SetupMs { get; init; }

    /// <summary>Round trip to the server by ICE checks and RTCP, in ms.</summary>
    public required Percentiles RttMs { get; init; }

    /// <summary>Media packets that were sent and never came, in percent.</summary>
    public required double LossPercent { get; init; }

    /// <summary>Media packets sent, by both peers.</summary>
    public required long PacketsSent { get; init; }

    /// <summary>Media packets received, by both peers.</summary>
    public required long PacketsReceived { get; init; }

    /// <summary>Endpoint by endpoint.</summary>
    public required IReadOnlyList<EndpointReport> Endpoints { get; init; }
}

/// <summary>One endpoint of a <see cref="SmokeReport"/>.</summary>
internal sealed record EndpointReport
{
    /// <summary>Its URL.</summary>
    public required string Url { get; init; }

    /// <summary>"pass" or "fail".</summary>
    public required string Verdict { get; init; }

    /// <summary>The error that ended the attempt, if one did.</summary>
    public string? Error { get; init; }

    /// <summary>As in the whole report.</summary>
    public Percentiles? SetupMs { get; init; }

    /// <summary>As in the whole report.</summary>
    public Percentiles? RttMs { get; init; }

    /// <summary>As in the whole report.</summary>
    public double LossPercent { get; init; }

    /// <summary>As in the whole report.</summary>
    public long PacketsSent { get; init; }

    /// <summary>As in the whole report.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Each way of the long call.</summary>
    public IReadOnlyList<DirectionReport> Directions { get; init; } = [];

    /// <summary>The SRTP profile both peers agreed on.</summary>
    public string? SrtpProfile { get; init; }
}

/// <summary>One way of the call.</summary>
internal sealed record DirectionReport(string From, string To, long PacketsSent, long PacketsReceived, double LossPercent);

/// <summary>Percentiles of a series; zero when the series is empty.</summary>
internal sealed record Percentiles(double P50, double P95, double Max, int Count)
{
    public static Percentiles Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? new Percentiles(0, 0, 0, 0) : new Percentiles(At(sorted, 0.50), At(sorted, 0.95), sorted[^1], sorted.Length);
    }

    // Nearest rank: a percentile that was really measured.
    private static double At(double[] sorted, double share) => Math.Round(sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)], 2);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SmokeReport))]
internal sealed partial class SmokeJson : JsonSerializerContext;
