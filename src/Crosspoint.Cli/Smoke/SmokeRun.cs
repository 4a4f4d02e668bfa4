using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using Crosspoint.CallsClient;
using Crosspoint.Workers.Client;

namespace Crosspoint.Cli.Smoke;

/// <summary>The runbook's single-call smoke: two built-in peers, real signalling, real ICE, DTLS and SRTP, both ways.</summary>
internal sealed class SmokeRun(SmokeOptions options)
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(30);

    /// <summary>Tries every endpoint and judges.</summary>
    public async Task<SmokeReport> RunAsync(CancellationToken cancellationToken)
    {
        List<EndpointReport> reports = [];
        List<double> setups = [];
        List<double> roundTrips = [];
        foreach (Uri endpoint in options.Endpoints)
        {
            reports.Add(await TryEndpointAsync(endpoint, setups, roundTrips, cancellationToken));
        }

        long sent = reports.Sum(report => report.PacketsSent);
        long received = reports.Sum(report => report.PacketsReceived);
        string[] problems = [.. reports.Where(report => report.Verdict != "pass").Select(report => $"{report.Url}: {report.Error}")];
        return new SmokeReport
        {
            Verdict = problems.Length == 0 ? "pass" : "fail",
            Problems = problems,
            SetupMs = Percentiles.Of(setups),
            RttMs = Percentiles.Of(roundTrips),
            LossPercent = Loss(sent, received),
            PacketsSent = sent,
            PacketsReceived = received,
            Endpoints = reports,
        };
    }

    private async Task<EndpointReport> TryEndpointAsync(Uri endpoint, List<double> allSetups, List<double> allRoundTrips, CancellationToken cancellationToken)
    {
        List<double> setups = [];
        try
        {
            string token = options.AccessToken ?? await DevelopmentToken.AskAsync(endpoint, "smoke", cancellationToken);
            for (int i = 0; i < options.Setups; i++)
            {
                await using Call warmUp = await Call.StartAsync(endpoint, token, setups, cancellationToken);
            }

            await using Call call = await Call.StartAsync(endpoint, token, setups, cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds), cancellationToken);
            EndpointReport report = await call.EndAsync(endpoint, setups, cancellationToken);
            allSetups.AddRange(setups);
            allRoundTrips.AddRange(call.RoundTrips);
            return Judge(report);
        }
        catch (Exception exception) when (exception is DoorException or WebSocketException or HttpRequestException or SocketException
            or TimeoutException or InvalidOperationException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new EndpointReport { Url = endpoint.ToString(), Verdict = "fail", Error = exception.Message, SetupMs = Percentiles.Of(setups) };
        }
    }

    private EndpointReport Judge(EndpointReport report)
    {
        List<string> problems = [];
        Check(report.SetupMs!.P95 > options.MaxSetupMs, $"setup p95 is {report.SetupMs.P95} ms, above {options.MaxSetupMs} ms");
        Check(report.RttMs!.P95 > options.MaxRttMs, $"round trip p95 is {report.RttMs.P95} ms, above {options.MaxRttMs} ms");
        Check(report.LossPercent > options.MaxLossPercent, $"{report.LossPercent} % of the packets were lost, above {options.MaxLossPercent} %");
        Check(report.Directions.Any(direction => direction.PacketsReceived == 0), "no media arrived in one direction");
        return problems.Count == 0 ? report : report with { Verdict = "fail", Error = string.Join("; ", problems) };

        void Check(bool isBad, string problem)
        {
            if (isBad)
            {
                problems.Add(problem);
            }
        }
    }

    private static double Loss(long sent, long received) => sent == 0 ? 100 : Math.Round(100.0 * Math.Max(0, sent - received) / sent, 3);

    /// <summary>Two peers in one room.</summary>
    private sealed class Call(SmokePeer first, SmokePeer second) : IAsyncDisposable
    {
        public IEnumerable<double> RoundTrips => [.. first.Sender.RoundTrips, .. second.Sender.RoundTrips];

        /// <summary>Sets a call up; adds each peer's time from opening its socket to its first media packet.</summary>
        public static async Task<Call> StartAsync(Uri endpoint, string token, List<double> setups, CancellationToken cancellationToken)
        {
            string roomId = $"smoke-{Guid.NewGuid():N}";
            long begun = Stopwatch.GetTimestamp();
            SmokePeer first = await SmokePeer.OpenAsync(endpoint, token, "a", cancellationToken);
            SmokePeer second = await SmokePeer.OpenAsync(endpoint, token, "b", cancellationToken);
            Call call = new(first, second);
            try
            {
                string? joinToken = await first.CreateRoomAsync(roomId, cancellationToken);
                await Task.WhenAll(first.JoinAsync(roomId, joinToken, cancellationToken), second.JoinAsync(roomId, joinToken, cancellationToken));
                await Task.WhenAll(first.PublishAsync(cancellationToken), second.PublishAsync(cancellationToken));
                await Task.WhenAll(first.SubscribeAsync(second, cancellationToken), second.SubscribeAsync(first, cancellationToken));
                foreach (ClientTransport transport in (ClientTransport[])[first.Sender, first.Receiver, second.Sender, second.Receiver])
                {
                    await transport.Connected.WaitAsync(StepLimit, cancellationToken);
                }

                first.BeginSending();
                second.BeginSending();
                await Task.WhenAll(first.Receiver.FirstMedia, second.Receiver.FirstMedia).WaitAsync(StepLimit, cancellationToken);
                setups.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                return call;
            }
            catch
            {
                await call.DisposeAsync();
                throw;
            }
        }

        /// <summary>Stops sending, lets what is under way arrive, and counts.</summary>
        public async Task<EndpointReport> EndAsync(Uri endpoint, List<double> setups, CancellationToken cancellationToken)
        {
            first.Sender.StopSending();
            second.Sender.StopSending();
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
            DirectionReport[] directions = [Count(first, second), Count(second, first)];
            long sent = directions.Sum(direction => direction.PacketsSent);
            long received = directions.Sum(direction => direction.PacketsReceived);
            return new EndpointReport
            {
                Url = endpoint.ToString(),
                Verdict = "pass",
                SetupMs = Percentiles.Of(setups),
                RttMs = Percentiles.Of(RoundTrips),
                LossPercent = Loss(sent, received),
                PacketsSent = sent,
                PacketsReceived = received,
                Directions = directions,
                SrtpProfile = first.Sender.Profile,
            };
        }

        public async ValueTask DisposeAsync()
        {
            await first.DisposeAsync();
            await second.DisposeAsync();
        }

        private static DirectionReport Count(SmokePeer from, SmokePeer to)
        {
            long sent = from.Sender.PacketsSent;
            long received = to.Receiver.PacketsReceived;
            return new DirectionReport(from.Name, to.Name, sent, received, Loss(sent, received));
        }
    }
}
