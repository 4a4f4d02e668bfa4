using Crosspoint.Netem;
using Crosspoint.Sim.Encode;
using Crosspoint.Sim.Publish;
using Crosspoint.Sim.Receive;

namespace Crosspoint.Sim.Scenarios;

/// <summary>Rooms with many: each for himself, and nobody at another's cost.</summary>
internal static class RoomScenarios
{
    private static readonly double[] Rates = [400, 700, 1000, 1500, 2500, 4000];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("mixed-30", "thirty receivers behind links of 0.4 to 4 Mbit/s, some of which lose, watch three cameras and hear one voice", TimeSpan.FromSeconds(60), Mixed)
        {
            MeasureFromSeconds = 20,
            Bars = [Bar.NotOverrun(), Bar.Switches(1), Bar.EverybodyPlays()],
        },
        new("rooms-20", "twenty rooms of three, everybody behind 2 Mbit/s both ways", TimeSpan.FromSeconds(40), ManyRooms)
        {
            Rooms = 20,
            MeasureFromSeconds = 15,
            Bars = [Bar.NotOverrun(), Bar.NoLongFreeze(), Bar.EverybodyPlays()],
        },
    ];

    private static void Mixed(Stage stage)
    {
        List<Publisher> publishers = [.. Enumerable.Range(0, 3).Select(i => stage.AddCamera(EncoderShape.Vp8Simulcast, withAudio: i == 0))];
        for (int i = 0; i < 30; i++)
        {
            double loss = i % 5 == 4 ? 2 : 0;
            LinkPlan plan = Links.Lossy(Rates[i % Rates.Length], loss, 10 + (i * 3));
            Subscriber subscriber = stage.AddSubscriber(stage.Path(plan));
            Stage.Watch(subscriber, publishers);
            stage.Measure(subscriber, 20);
        }
    }

    private static void ManyRooms(Stage stage)
    {
        for (int room = 0; room < stage.Servers.Count; room++)
        {
            int here = room;
            Publisher[] publishers = [.. Enumerable.Range(0, 3).Select(_ => stage.AddCamera(EncoderShape.Vp8Simulcast, stage.Path(Links.Steady(2000)), room: here))];
            for (int i = 0; i < 3; i++)
            {
                Subscriber subscriber = stage.AddSubscriber(stage.Path(Links.Steady(2000)), room: room);
                Stage.Watch(subscriber, publishers.Where((_, index) => index != i));
                stage.Measure(subscriber, 15);
            }
        }
    }
}
