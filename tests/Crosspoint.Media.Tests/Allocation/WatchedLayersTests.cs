using Crosspoint.Media.Allocation;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Tests.Negotiation;
using Crosspoint.Media.Tests.Routing;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Allocation;

public class WatchedLayersTests
{
    private readonly Room _room = new();

    [Fact]
    public void Less_is_told_only_when_it_lasts_and_more_at_once()
    {
        WatchedLayers watched = new(TimeSpan.FromSeconds(2));
        (double At, int Wanted, bool ToldNow, int ToldAfter)[] rows =
        [
            (0, 2, false, 2),
            (3000, 0, false, 0),
            (6000, 1, true, 1),
            (7000, -1, false, 1),
            (8000, 1, false, 1),
            (9000, -1, false, -1),
            (12_000, -1, false, -1),
            (12_001, 2, true, 2),
        ];
        Instant next = Instant.Never;
        for (int i = 0; i < rows.Length; i++)
        {
            (double at, int wanted, bool toldNow, int toldAfter) = rows[i];
            Assert.Equal(toldNow, watched.Update(Instant.FromMilliseconds(at), wanted));
            double until = i + 1 < rows.Length ? rows[i + 1].At : at + 5000;
            next = watched.NextTimeout;
            if (next <= Instant.FromMilliseconds(until))
            {
                Assert.True(watched.HandleTimeout(next));
            }

            Assert.Equal(toldAfter, watched.Told);
        }
    }

    [Fact]
    public void A_sender_nobody_watches_is_told_after_two_seconds_and_again_when_somebody_does()
    {
        (_, Producer producer) = _room.AddVideo(ClientJson.ChromeSimulcast);
        Assert.Empty(Watched(1999));
        Assert.Equal([(2000, null)], Watched(5000));

        (_, Consumer consumer) = _room.Consume(producer);
        Assert.Equal([(5000, (int?)2)], Watched(6000));

        _room.Router.SetPreferredLayers(At(6000), consumer, new LayerId(0, 7));
        Assert.Equal([(8000, (int?)0)], Watched(9000));

        _room.Router.Pause(At(9000), consumer);
        _room.Router.Resume(At(9500), consumer);
        Assert.Empty(Watched(15_000));

        _room.Router.Close(At(15_000), consumer);
        Assert.Equal([(17_000, null)], Watched(20_000));
    }

    [Fact]
    public void The_most_that_anybody_wants_counts()
    {
        (_, Producer producer) = _room.AddVideo(ClientJson.ChromeSimulcast);
        (_, Consumer first) = _room.Consume(producer);
        (_, Consumer second) = _room.Consume(producer);
        _room.Router.SetPreferredLayers(At(0), first, new LayerId(0, 0));
        _room.Router.SetPreferredLayers(At(0), second, new LayerId(1, 0));
        Assert.Equal([(2000, (int?)1)], Watched(4000));
        _room.Router.SetPreferredLayers(At(4000), first, null);
        Assert.Equal([(4000, (int?)2)], Watched(6000));
    }

    private static Instant At(double milliseconds) => Instant.FromMilliseconds(milliseconds);

    private List<(double At, int? Spatial)> Watched(double until)
    {
        List<(double, int?)> told = [];
        Instant end = At(until);
        while (true)
        {
            told.AddRange(_room.Events()
                .Where(one => one.Kind == RouterEventKind.WatchedLayersChanged)
                .Select(one => (_now.TotalMilliseconds, one.WatchedSpatial)));
            if (_room.Router.NextTimeout > end)
            {
                _now = end;
                return told;
            }

            _now = _room.Router.NextTimeout;
            _room.Router.HandleTimeout(_now);
        }
    }

    private Instant _now = Instant.Zero;
}
