using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Calls;
using Crosspoint.Media.Allocation;
using Crosspoint.Media.Layers;
using Crosspoint.Primitives;
using Crosspoint.Workers;

namespace Crosspoint.Calls.Tests.Media;

public class QualityWordsTests
{
    public static TheoryData<RouterNotification, MediaNotification?> Rows => new()
    {
        { new RouterNotification.LayersChanged("c", null, new LayerId(2, 1)), new LayersChanged("c", null, new() { SpatialLayer = 2, TemporalLayer = 1 }) },
        { new RouterNotification.LayersChanged("c", new LayerId(0, 0), null), new LayersChanged("c", new() { SpatialLayer = 0, TemporalLayer = 0 }, null) },
        { new RouterNotification.SuspensionChanged("c", Suspension.Bandwidth), new ConsumerHeldBack("c", ConsumerStarvedReason.Bandwidth) },
        { new RouterNotification.SuspensionChanged("c", Suspension.LastN), new ConsumerHeldBack("c", ConsumerStarvedReason.LastN) },
        { new RouterNotification.SuspensionChanged("c", Suspension.MaxVideo), new ConsumerHeldBack("c", ConsumerStarvedReason.MaxVideo) },
        { new RouterNotification.SuspensionChanged("c", Suspension.None), new ConsumerHeldBack("c", null) },
        { new RouterNotification.ConsumerScore("c", 4), new ConsumerScored("c", 4) },
        { new RouterNotification.ProducerScore("p", 0), new ProducerScored("p", 0) },
        { new RouterNotification.WatchedLayersChanged("p", null), new WatchedLayersChanged("p", null) },
        { new RouterNotification.BandwidthChanged("t", new Bitrate(1_500_000)), new BandwidthChanged("t", 1_500_000) },
        { new RouterNotification.ProducerClosed("p", "x"), null },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_workers_words_become_the_doors(RouterNotification said, MediaNotification? expected) => Assert.Equal(expected, QualityWords.Translate(said));

    [Fact]
    public void A_wish_without_a_temporal_layer_wants_all_of_them()
    {
        Assert.Null(QualityWords.Layer(null));
        Assert.Equal(new LayerId(1, 7), QualityWords.Layer(new() { SpatialLayer = 1 }));
        Assert.Equal(new LayerId(7, 0), QualityWords.Layer(new() { SpatialLayer = 7, TemporalLayer = 0 }));
    }
}
