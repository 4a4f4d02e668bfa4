using Crosspoint.Netem;
using Crosspoint.Sim.Encode;
using Crosspoint.Sim.Publish;
using Crosspoint.Sim.Receive;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Scenarios;

/// <summary>Links of one rate, with steps, and of a radio: does everybody get what his link carries, and no more?</summary>
internal static class LinkScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Steady("steady-0.5", 500, 4),
        Steady("steady-1", 1000, 6),
        Steady("steady-2", 2000, 6),
        Steady("steady-5", 5000, 6),
        new("steady-up-1", "a publisher's own link of 1 Mbit/s", TimeSpan.FromSeconds(60), stage => Uplink(stage, Links.Steady(1000))) { MeasureFromSeconds = 15, Bars = [Bar.LinkUse(90), Bar.Queue(), Bar.NoLongFreeze()] },
        new("steady-up-2", "a publisher's own link of 2 Mbit/s", TimeSpan.FromSeconds(60), stage => Uplink(stage, Links.Steady(2000))) { MeasureFromSeconds = 15, Bars = [Bar.LinkUse(90), Bar.Queue(), Bar.NoLongFreeze()] },
        new("step-3M-300k-3M", "a receiver's link falls to a tenth for 20 s", TimeSpan.FromSeconds(80), stage => Downlink(stage, Links.Steps(25, (0, 3000), (30, 300), (50, 3000)), EncoderShape.Vp8Simulcast, 1))
        {
            MeasureFromSeconds = 10,
            AdaptFromSeconds = 30,
            RecoverFromSeconds = 50,
            Bars = [Bar.Adapts(2000), Bar.Recovers(10_000), Bar.NoLongFreeze()],
        },
        new("step-svc", "the same with AV1 L3T3", TimeSpan.FromSeconds(80), stage => Downlink(stage, Links.Steps(25, (0, 3000), (30, 300), (50, 3000)), EncoderShape.Av1L3T3, 1))
        {
            MeasureFromSeconds = 10,
            AdaptFromSeconds = 30,
            RecoverFromSeconds = 50,
            Bars = [Bar.Adapts(2000), Bar.Recovers(10_000), Bar.NoLongFreeze()],
        },
        new("step-up-publisher", "a publisher's own link falls from 3 Mbit/s to 500 kbit/s for 20 s", TimeSpan.FromSeconds(80), stage => Uplink(stage, Links.Steps(25, (0, 3000), (30, 500), (50, 3000))))
        {
            MeasureFromSeconds = 10,
            AdaptFromSeconds = 30,
            RecoverFromSeconds = 50,
            Bars = [Bar.Adapts(2000), Bar.Recovers(10_000), Bar.NoLongFreeze()],
        },
        Longer("route-20ms", 20),
        Longer("route-80ms", 80),
        new("radio-3M", "a receiver in a car, 3 Mbit/s on average", TimeSpan.FromSeconds(120), stage => Downlink(stage, Links.Radio(stage.Seed, 3000), EncoderShape.Vp8Simulcast, 1)) { MeasureFromSeconds = 10, Bars = [Bar.FreezeRatio(3)] },
        new("radio-1M", "a receiver in a train, 1 Mbit/s on average", TimeSpan.FromSeconds(120), stage => Downlink(stage, Links.Radio(stage.Seed + 1, 1000, 50), EncoderShape.Vp8Simulcast, 1)) { MeasureFromSeconds = 10, Bars = [Bar.FreezeRatio(5)] },
        new("codel", "four cameras over 2 Mbit/s behind CoDel", TimeSpan.FromSeconds(60), stage => Downlink(stage, Links.Steady(2000) with { Queue = new QueuePlan { CoDel = true } }, EncoderShape.Vp8Simulcast, 4)) { MeasureFromSeconds = 20, Bars = [Bar.Queue(), Bar.NoLongFreeze()] },
        new("cross-cbr", "four cameras over 3 Mbit/s, of which others take 1.5 from 20 to 40 s", TimeSpan.FromSeconds(60), stage => Downlink(stage, Links.Steady(3000) with { Constant = [new ConstantTraffic(Primitives.Bitrate.FromKilobits(1500), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40))] }, EncoderShape.Vp8Simulcast, 4)) { MeasureFromSeconds = 10, Bars = [Bar.NoLongFreeze()] },
    ];

    // Several cameras: enough layers that some mix of them comes near any rate.
    private static Scenario Steady(string name, double kilobits, int cameras) =>
        new(name, $"{cameras} cameras over {kilobits / 1000} Mbit/s", TimeSpan.FromSeconds(80), stage => Downlink(stage, Links.Steady(kilobits), EncoderShape.Vp8Simulcast, cameras))
        {
            MeasureFromSeconds = 20,
            Bars = [Bar.LinkUse(90), Bar.Queue(), Bar.NoLongFreeze(), Bar.EverybodyPlays()],
        };

    // Nothing waits, and yet everything takes longer than it ever did.
    private static Scenario Longer(string name, double byMs) =>
        new(name, $"six cameras over 2 Mbit/s, whose way takes {byMs} ms longer from 30 to 60 s", TimeSpan.FromSeconds(80), stage =>
        {
            NetPath path = stage.Path(Links.Steady(2000));
            LinkPlan plan = path.Link.Plan;
            stage.At(30, now => path.Link.Change(now, plan with { Delay = plan.Delay + Links.Milliseconds(byMs) }));
            stage.At(60, now => path.Link.Change(now, plan));
            Downlink(stage, path, EncoderShape.Vp8Simulcast, 6);
        })
        {
            MeasureFromSeconds = 20,
            Bars = [Bar.LinkUse(80), Bar.NoLongFreeze(), Bar.EverybodyPlays()],
        };

    private static void Downlink(Stage stage, LinkPlan plan, EncoderShape shape, int cameras) => Downlink(stage, stage.Path(plan), shape, cameras);

    private static void Downlink(Stage stage, NetPath path, EncoderShape shape, int cameras)
    {
        // One of them speaks: six voices alone would be 350 kbit/s with their headers.
        List<Publisher> publishers = [.. Enumerable.Range(0, cameras).Select(i => stage.AddCamera(shape, withAudio: i == 0))];
        Subscriber subscriber = stage.AddSubscriber(path);
        Stage.Watch(subscriber, publishers);
        stage.Measure(subscriber, cameras > 1 ? 20 : 10);
    }

    private static void Uplink(Stage stage, LinkPlan plan)
    {
        Publisher publisher = stage.AddCamera(EncoderShape.Single(2500), stage.Path(plan));
        Stage.Watch(stage.AddSubscriber(), publisher);
        stage.Measure(15, publisher);
    }
}
