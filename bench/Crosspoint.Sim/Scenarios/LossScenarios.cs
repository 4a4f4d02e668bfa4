using Crosspoint.Netem;
using Crosspoint.Sim.Encode;
using Crosspoint.Sim.Receive;

namespace Crosspoint.Sim.Scenarios;

/// <summary>Links that lose, delay and mix up: is what is missing repaired before anybody sees it?</summary>
internal static class LossScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Lossy("loss-5", "5 % random loss, round trip 50 ms", Links.Lossy(4000, 5, 25), EncoderShape.Vp8Simulcast) with { Bars = [Bar.NoLongFreeze()] },
        Lossy("loss-10-rtt100", "10 % random loss, round trip 100 ms", Links.Lossy(4000, 10, 50), EncoderShape.Vp8Simulcast) with { Bars = [Bar.FreezeRatio(1), Bar.Overhead(25)] },
        Lossy("loss-burst", "bursts of four packets, 4 % in all, round trip 60 ms", Links.Steady(4000, 30) with { Burst = new BurstLoss(Chance.FromPercent(1), Chance.FromPercent(25), Chance.FromPercent(100)) }, EncoderShape.Vp8Simulcast) with { Bars = [Bar.NoLongFreeze()] },
        Lossy("loss-5-vp9", "5 % random loss, VP9 L3T3", Links.Lossy(4000, 5, 25), EncoderShape.Vp9L3T3) with { Bars = [Bar.NoLongFreeze()] },
        Lossy("loss-5-vp9-key", "5 % random loss, VP9 L3T3_KEY", Links.Lossy(4000, 5, 25), EncoderShape.Vp9L3T3Key) with { Bars = [Bar.NoLongFreeze()] },
        new("av1-loss-30min", "AV1 L3T3 with 5 % random loss for half an hour", TimeSpan.FromMinutes(30), stage => Build(stage, Links.Lossy(4000, 5, 25), EncoderShape.Av1L3T3)) { MeasureFromSeconds = 10, Bars = [Bar.NoUnexplainedFreeze()] },
        Lossy("jitter-50", "up to 50 ms of jitter", Links.Steady(4000) with { Jitter = Links.Milliseconds(50) }, EncoderShape.Vp8Simulcast) with { Bars = [Bar.NoLongFreeze(), Bar.FreezeRatio(1)] },
        Lossy("reorder", "2 % of packets 15 ms late", Links.Steady(4000) with { Reorder = Chance.FromPercent(2), ReorderBy = Links.Milliseconds(15) }, EncoderShape.Vp8Simulcast) with { Bars = [Bar.NoLongFreeze(), Bar.Overhead(10)] },
        Lossy("duplicate", "2 % of packets twice", Links.Steady(4000) with { Duplicate = Chance.FromPercent(2) }, EncoderShape.Vp8Simulcast) with { Bars = [Bar.NoLongFreeze()] },
        new("loss-up-5", "5 % random loss on the publisher's link", TimeSpan.FromSeconds(60), stage =>
        {
            Publish.Publisher publisher = stage.AddCamera(EncoderShape.Vp8Simulcast, stage.Path(Links.Lossy(4000, 5, 25)));
            Stage.Watch(stage.AddSubscriber(), publisher);
            stage.Measure(10, publisher);
        }) { MeasureFromSeconds = 10, Bars = [Bar.NoLongFreeze()] },
    ];

    private static Scenario Lossy(string name, string about, LinkPlan plan, EncoderShape shape) =>
        new(name, about, TimeSpan.FromSeconds(60), stage => Build(stage, plan, shape)) { MeasureFromSeconds = 10 };

    private static void Build(Stage stage, LinkPlan plan, EncoderShape shape)
    {
        Publish.Publisher publisher = stage.AddCamera(shape);
        Subscriber subscriber = stage.AddSubscriber(stage.Path(plan), stage.Path(Links.Steady(4000, plan.Delay.TotalMilliseconds) with { Loss = plan.Loss }));
        Stage.Watch(subscriber, publisher);
        stage.Measure(subscriber, 10);
    }
}
