using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Sim.Encode;
using Crosspoint.Sim.Publish;
using Crosspoint.Sim.Receive;

namespace Crosspoint.Sim.Scenarios;

/// <summary>Who comes into a room that is under way, of whose link nothing is known: the drill behind impaired links (tests/interop/layers-impaired.drill.mjs).</summary>
internal static class JoinScenarios
{
    private const double JoinsAt = 5;
    private const double NextJoinsAt = 9;
    private const double KnownAfter = 10;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Narrow("join-vp8", "a camera of VP8 simulcast", EncoderShape.Vp8Drawn, 1, (0, 0), (1, 1)),
        Narrow("join-vp8-two", "two cameras of VP8 simulcast", EncoderShape.Vp8Drawn, 2, (0, 0), (0, 1)),
        Narrow("join-vp9", "a camera of VP9 L3T3", EncoderShape.Vp9Drawn, 1, (0, 1), (1, 2)),
        Narrow("join-vp9-two", "two cameras of VP9 L3T3", EncoderShape.Vp9Drawn, 2, (0, 0), (0, 1)),
        Narrow("join-av1", "a camera of AV1 L3T3", EncoderShape.Av1Drawn, 1, (0, 1), (1, 2)),
        Narrow("join-av1-two", "two cameras of AV1 L3T3", EncoderShape.Av1Drawn, 2, (0, 0), (0, 1)),
        new("join-fast", "somebody behind 50 Mbit/s comes to two cameras that nobody watched", TimeSpan.FromSeconds(25), Fast)
        {
            MeasureFromSeconds = JoinsAt,
            Bars = [Bar.FirstPicture(1000), Bar.FirstLargest(3000), Bar.NoLongFreeze()],
        },
        new("join-fast-late", "somebody behind 50 Mbit/s comes to two cameras that another watches", TimeSpan.FromSeconds(25), FastLate)
        {
            MeasureFromSeconds = JoinsAt,
            Bars = [Bar.FirstPicture(1000), Bar.FirstLargest(3000), Bar.NoLongFreeze()],
        },
    ];

    // Who comes first has encodings begun that nobody watched; who comes next finds them.
    private static Scenario Narrow(string name, string what, EncoderShape shape, int cameras, (int Lowest, int Highest) narrow, (int Lowest, int Highest) wide) =>
        new(name, $"somebody behind 1 Mbit/s, then somebody behind 330 kbit/s come to {what} and a voice", TimeSpan.FromSeconds(50), stage =>
        {
            stage.LayersFrom = Instant.FromMilliseconds((NextJoinsAt + KnownAfter) * 1000);
            List<Publisher> publishers = Room(stage, shape, cameras);
            Join(stage, JoinsAt, Links.Steady(1000, 20), publishers, wide);
            Join(stage, NextJoinsAt, Links.Steady(330, 20), publishers, narrow);
        })
        {
            MeasureFromSeconds = JoinsAt,
            Bars = [Bar.NoLongFreeze(), Bar.LayersFit(5), Bar.Queue(), Bar.Switches(2.5), Bar.FirstPicture(1500), Bar.EverybodyPlays()],
        };

    private static void Fast(Stage stage) => Join(stage, JoinsAt, Links.Steady(50_000, 20), Room(stage, EncoderShape.Vp8Drawn, 2), (0, 2));

    private static void FastLate(Stage stage)
    {
        List<Publisher> publishers = Room(stage, EncoderShape.Vp8Drawn, 2);
        Join(stage, 0.5, Links.Steady(50_000, 20), publishers, (0, 2));
        Join(stage, NextJoinsAt, Links.Steady(50_000, 20), publishers, (0, 2));
    }

    private static List<Publisher> Room(Stage stage, EncoderShape shape, int cameras) =>
        [.. Enumerable.Range(0, cameras).Select(i => stage.AddCamera(shape, withAudio: i == 0))];

    // Of the first second only how long the first picture takes is judged.
    private static void Join(Stage stage, double at, LinkPlan plan, List<Publisher> publishers, (int Lowest, int Highest) expected) => stage.At(at, _ =>
    {
        Subscriber subscriber = stage.AddSubscriber(stage.Path(plan));
        Stage.Watch(subscriber, publishers);
        stage.Measure(subscriber, at + KnownAfter);
        stage.Expected.AddRange(subscriber.Videos.Select(video => (video, expected.Lowest, expected.Highest)));
        stage.At(at + 1, _ => subscriber.Videos.ToList().ForEach(video => video.Meter.Forget()));
    });
}
