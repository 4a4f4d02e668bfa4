using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Sim.Receive;
using Crosspoint.Sim.Server;

namespace Crosspoint.Sim.Scenarios;

/// <summary>Runs a scenario and makes figures of what was seen.</summary>
internal static class ScenarioRunner
{
    public static ScenarioResult Run(Scenario scenario, Policy policy, long seed)
    {
        using Stage stage = new(policy, seed, scenario.Rooms);
        scenario.Build(stage);
        Instant end = Instant.Zero + scenario.Length;
        Instant from = ScenarioResult.At(scenario.MeasureFromSeconds);
        stage.Time.RunUntil(from);
        foreach (VideoReceiver video in stage.Subscribers.SelectMany(subscriber => subscriber.Videos))
        {
            video.Meter.Forget();
        }

        foreach (Subscriber subscriber in stage.Subscribers)
        {
            subscriber.Port.SentPictures.Clear();
        }

        stage.Time.RunUntil(end);
        foreach (VideoReceiver video in stage.Subscribers.SelectMany(subscriber => subscriber.Videos))
        {
            video.Meter.Stop(end);
        }

        if (Environment.GetEnvironmentVariable("SIM_DEBUG") is not null)
        {
            DebugDump.Write(stage);
        }

        ScenarioResult result = Judge(scenario, stage, from, end);
        string[] failed = [.. scenario.Bars.Where(bar => !bar.Holds(result)).Select(bar => bar.Name)];
        return result with { Failed = failed, Pass = failed.Length == 0 };
    }

    private static ScenarioResult Judge(Scenario scenario, Stage stage, Instant from, Instant end)
    {
        VideoReceiver[] videos = [.. stage.Subscribers.SelectMany(subscriber => subscriber.Videos)];
        DelayHistogram queue = new();
        foreach (VirtualLinkOf link in stage.Meters.Select(meter => new VirtualLinkOf(meter)).DistinctBy(link => link.Link))
        {
            queue.Add(link.Link.Statistics.QueueDelay);
        }

        LinkMeter? first = stage.Meters.FirstOrDefault();
        double seconds = (end - from).TotalSeconds;
        double watched = videos.Sum(video => video.Meter.Watched.TotalSeconds);
        int[] switches = [.. videos.Select(video => SwitchesOf(stage, video, from))];
        double[] shares = [.. stage.Meters.Select(meter => meter.Samples.Where(sample => sample.At > meter.From).Average(sample => sample.Useful))];
        return new ScenarioResult
        {
            Name = scenario.Name,
            Seed = stage.Seed,
            Policy = stage.Policy.Name,
            LinkUsePercent = stage.Meters.Count == 0 ? 0 : Math.Round(LinkUse(stage), 1),
            QueueP95Ms = queue.Percentile(95).TotalMilliseconds,
            RecoverMs = scenario.RecoverFromSeconds is { } up ? ScenarioResult.Milliseconds(first?.RecoverAfter(ScenarioResult.At(up))) : null,
            AdaptMs = scenario.AdaptFromSeconds is { } down ? ScenarioResult.Milliseconds(first?.SettleAfter(ScenarioResult.At(down))) : null,
            FreezesOver500Ms = videos.Sum(video => video.Meter.Gaps.Count),
            FreezeRatioPercent = watched == 0 ? 0 : Math.Round(100 * videos.Sum(video => video.Meter.Frozen.TotalSeconds) / watched, 2),
            FramesLost = stage.Subscribers.Sum(LostOf),
            FramesShown = videos.Sum(video => (long)video.Meter.Shown),
            LayerSwitches = switches.Sum(),
            WorstSwitchesPer10s = switches.Length == 0 ? 0 : Math.Round(switches.Max() * 10 / seconds, 2),
            OverheadPercent = Math.Round(OverheadOf(stage), 1),
            OverrunLinks = stage.Meters.Count(IsOverrun),
            UnexplainedFreezes = videos.Sum(video => Unexplained(video)),
            Blind = videos.Count(video => video.Meter.Shown == 0),
            Fairness = shares.Length > 1 ? Math.Round(Jain(shares), 3) : null,
            MeanKilobits = Math.Round(shares.DefaultIfEmpty(0).Average() / 1000),
            LongestGapMs = Math.Round(videos.Select(video => video.Meter.LongestGap.TotalMilliseconds).DefaultIfEmpty(0).Max()),
            WrongLayerPercent = stage.Expected.Count == 0 ? null
                : Math.Round(stage.Expected.Max(item => item.Video.OutsidePercent(stage.LayersFrom, end, item.Lowest, item.Highest)), 1),
            FirstPictureMs = FirstShown(videos, _ => 0),
            FirstLargestMs = FirstShown(videos, video => LayersOf(stage, video) - 1),
            KeyFrameRequests = videos.Sum(video => (long)video.KeyFrameRequests.Count),
            Unreadable = videos.Sum(video => (long)video.Unreadable),
        };
    }

    private static double LinkUse(Stage stage)
    {
        // Ways over one link are one use of it.
        double sum = stage.Meters.GroupBy(meter => meter.Link).Select(group => UseOf([.. group])).Sum();
        return sum / stage.Meters.Select(meter => meter.Link).Distinct().Count();
    }

    // Flows that began later have fewer samples; all are taken at the same tenths of seconds.
    private static double UseOf(LinkMeter[] meters)
    {
        double possible = 0;
        double useful = 0;
        Instant from = meters.Select(meter => meter.From).Aggregate(Instant.Max);
        foreach (LinkSample[] samples in meters.SelectMany(meter => meter.Samples).Where(sample => sample.At > from).GroupBy(sample => sample.At).Select(group => group.ToArray()))
        {
            possible += Math.Min(Math.Max(0, samples[0].Capacity - samples[0].Cross), samples.Sum(sample => sample.Demand));
            useful += samples.Sum(sample => sample.Useful);
        }

        return possible == 0 ? 100 : 100 * useful / possible;
    }

    // As the router announces them, temporal layers included; where it announces none, as the receiver sees pictures grow and shrink.
    private static int SwitchesOf(Stage stage, VideoReceiver video, Instant from)
    {
        int announced = stage.Layers.Count(change => change.Consumer == video.Consumer && change.At > from);
        return Math.Max(announced, video.Switches.Count(change => change.At > from));
    }

    private static long LostOf(Subscriber subscriber) =>
        subscriber.Videos.Sum(video => subscriber.Port.SentPictures.TryGetValue(video.Source, out HashSet<int>? sent) ? sent.Count(picture => !video.ShownPictures.Contains(picture)) : 0L);

    private static double OverheadOf(Stage stage)
    {
        long media = stage.Subscribers.Sum(subscriber => subscriber.Port.Down.Books.MediaBytes);
        return media == 0 ? 0 : 100.0 * stage.Subscribers.Sum(subscriber => subscriber.Port.Down.Books.OverheadBytes) / media;
    }

    // More than one packet in a thousand did not find room, or they waited longer than a tenth of a second.
    private static bool IsOverrun(LinkMeter meter)
    {
        LinkStatistics statistics = meter.Link.Statistics;
        return statistics.DroppedFor(LinkDropReason.QueueFull) * 1000 > statistics.Offered || statistics.QueueDelay.Percentile(95) > TimeSpan.FromMilliseconds(100);
    }

    // The last of all; null where one was never shown.
    private static double? FirstShown(VideoReceiver[] videos, Func<VideoReceiver, int> spatial)
    {
        Instant[] at = [.. videos.Select(video => video.FirstShownAt(spatial(video)))];
        return at.Length == 0 || at.Any(shown => shown.IsNever) ? null
            : Math.Round(videos.Max(video => (video.FirstShownAt(spatial(video)) - video.WatchedSince).TotalMilliseconds));
    }

    private static int LayersOf(Stage stage, VideoReceiver video) =>
        stage.Publishers.SelectMany(publisher => publisher.Tracks).First(track => track.Source == video.Source && track.IsVideo).Shape!.Layers.Count;

    // A keyframe that was asked for explains the gap that it ended.
    private static int Unexplained(VideoReceiver video) =>
        video.Meter.Gaps.Count(gap => !video.KeyFrameRequests.Exists(request => request > gap.At - gap.Length && request <= gap.At));

    private static double Jain(double[] shares)
    {
        double squares = shares.Sum(share => share * share);
        return squares == 0 ? 1 : shares.Sum() * shares.Sum() / (shares.Length * squares);
    }

    private readonly record struct VirtualLinkOf(LinkMeter Meter)
    {
        public VirtualLink<World.SimPacket> Link => Meter.Link;
    }
}
