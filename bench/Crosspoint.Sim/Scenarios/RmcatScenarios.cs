using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Sim.Encode;
using Crosspoint.Sim.Publish;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Scenarios;

/// <summary>
/// The test cases of RFC 8867 §5. A flow is a publisher whose encoder can make any rate, on his way to the server, where the server's
/// feedback and our estimator meet; one way takes 50 ms and the queue holds 300 ms unless the case says otherwise.
/// </summary>
internal static class RmcatScenarios
{
    private const double OneWay = 50;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("rmcat-5.1-single", "one flow, capacity 1 → 2.5 → 0.6 → 1 Mbit/s", TimeSpan.FromSeconds(100), stage => Flows(stage, Links.Steps(OneWay, (0, 1000), (40, 2500), (60, 600), (80, 1000)), 0))
        {
            RecoverFromSeconds = 40,
            AdaptFromSeconds = 60,
            Bars = [Bar.LinkUse(80), Bar.Recovers(10_000)],
        },
        new("rmcat-5.2-multiple", "two flows, capacity 4 → 2 → 1 → 4 Mbit/s", TimeSpan.FromSeconds(125), stage => Flows(stage, Links.Steps(OneWay, (0, 4000), (25, 2000), (50, 1000), (75, 4000)), 0, 0))
        {
            RecoverFromSeconds = 75,
            AdaptFromSeconds = 25,
            Bars = [Bar.LinkUse(80), Bar.FairShare(0.9)],
        },
        new("rmcat-5.3-feedback", "a flow whose feedback goes through a link that is too small at times", TimeSpan.FromSeconds(100), CongestedFeedback)
        {
            Bars = [Bar.LinkUse(70)],
        },
        new("rmcat-5.4-competing", "three flows share 3.5 Mbit/s and begin 20 s apart", TimeSpan.FromSeconds(120), stage => Flows(stage, Links.Steady(3500, OneWay), 0, 20, 40))
        {
            MeasureFromSeconds = 60,
            Bars = [Bar.LinkUse(80), Bar.FairShare(0.9)],
        },
        new("rmcat-5.5-rtt", "five flows of 10, 25, 50, 100 and 150 ms one way share 4 Mbit/s", TimeSpan.FromSeconds(180), RoundTripFairness)
        {
            MeasureFromSeconds = 80,
            Bars = [Bar.LinkUse(80), Bar.FairShare(0.8)],
        },
        new("rmcat-5.6-pause", "three flows on 3.5 Mbit/s, one pauses from 40 to 60 s", TimeSpan.FromSeconds(120), PauseAndResume)
        {
            MeasureFromSeconds = 70,
            Bars = [Bar.LinkUse(80), Bar.FairShare(0.85)],
        },
        new("rmcat-5.7-long-tcp", "a flow beside a long download on 2 Mbit/s", TimeSpan.FromSeconds(120), stage => Flows(stage, WithTcp(new TcpTraffic(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10))), 0))
        {
            MeasureFromSeconds = 30,
        },
        new("rmcat-5.8-short-tcp", "two flows beside ten short downloads on 2 Mbit/s", TimeSpan.FromSeconds(120), stage => Flows(stage, WithTcp(ShortDownloads(stage.Seed)), 0, 0))
        {
            Bars = [Bar.LinkUse(70)],
        },
    ];

    private static LinkPlan WithTcp(params TcpTraffic[] tcp) => Links.Steady(2000, OneWay) with { Tcp = tcp };

    private static TcpTraffic[] ShortDownloads(long seed)
    {
        LinkRandom random = new(seed, 99);
        return [.. Enumerable.Range(0, 10).Select(i => new TcpTraffic(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds((10_000 * i) + random.Below(8000)), Bytes: random.Between(30_000, 500_000)))];
    }

    private static void Flows(Stage stage, LinkPlan plan, params double[] starts)
    {
        NetPath bottleneck = stage.Path(plan);
        foreach (double start in starts)
        {
            Publisher? publisher = null;
            stage.At(start, _ => publisher = AddFlow(stage, bottleneck, stage.Path(Links.Steady(10_000, OneWay)), Math.Max(10, starts.Max() + 10)));
        }
    }

    private static Publisher AddFlow(Stage stage, NetPath up, NetPath down, double measureFrom)
    {
        Publisher publisher = stage.AddCamera(EncoderShape.Single(5000), up, down);
        Stage.Watch(stage.AddSubscriber(), publisher);
        stage.Measure(measureFrom, publisher);
        return publisher;
    }

    private static void CongestedFeedback(Stage stage)
    {
        // What comes back is squeezed besides by traffic of others that leaves it little.
        LinkPlan back = Links.Steps(OneWay, (0, 2000), (35, 800), (70, 2000)) with { Constant = [new ConstantTraffic(Bitrate.FromKilobits(780), TimeSpan.FromSeconds(10))] };
        AddFlow(stage, stage.Path(Links.Steps(OneWay, (0, 2000), (20, 1000), (40, 500), (60, 2000))), stage.Path(back), 10);
    }

    private static void RoundTripFairness(Stage stage)
    {
        NetPath bottleneck = stage.Path(Links.Steady(4000, 5));
        double[] oneWay = [10, 25, 50, 100, 150];
        for (int i = 0; i < oneWay.Length; i++)
        {
            // The path's own delay is on the way back: it is the round trip that a control loop knows.
            NetPath back = stage.Path(Links.Steady(10_000, (2 * oneWay[i]) - 5));
            stage.At(i * 10, _ => AddFlow(stage, bottleneck, back, 80));
        }
    }

    private static void PauseAndResume(Stage stage)
    {
        Flows(stage, Links.Steady(3500, OneWay), 0, 0, 0);
        stage.At(40, now => SetMuted(stage, now, muted: true));
        stage.At(60, now => SetMuted(stage, now, muted: false));
    }

    private static void SetMuted(Stage stage, Instant now, bool muted)
    {
        foreach (Track track in stage.Publishers[0].Tracks)
        {
            track.IsMuted = muted;
            track.Encoder?.RequestKeyFrame(0);
        }

        foreach (Receive.VideoReceiver video in stage.Subscribers[0].Videos)
        {
            if (muted)
            {
                video.Mute(now);
            }
            else
            {
                video.Unmute(now);
            }
        }
    }
}
