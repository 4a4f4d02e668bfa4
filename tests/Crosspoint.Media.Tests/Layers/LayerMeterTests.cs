using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Layers;

public class LayerMeterTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    private LayerMeter _meter;
    private Instant _now = Instant.FromMilliseconds(1);

    [Fact]
    public void A_layer_that_comes_back_is_measured_anew_and_not_with_its_silence()
    {
        for (int i = 0; i < 200; i++, _now += TimeSpan.FromMilliseconds(10))
        {
            Picture(withSecond: true);
        }

        for (int i = 0; i < 500; i++, _now += TimeSpan.FromMilliseconds(10))
        {
            Picture(withSecond: false);
        }

        Assert.Equal(0, _meter.HighestAlive);
        for (int i = 0; i < 75; i++, _now += TimeSpan.FromMilliseconds(10))
        {
            Picture(withSecond: true);
            Assert.False(i < 25 && _meter.IsMeasured(1)); // two windows of 250 ms at least
        }

        Assert.InRange(_meter.RateOf(_now, new(1, 0)).KilobitsPerSecond, 130, 180);
    }

    private void Picture(bool withSecond)
    {
        _meter.Add(_now, Facts(0, FrameFlags.BeginsPicture), 100);
        _meter.NoteAlive(_now, Silence);
        if (withSecond)
        {
            FrameFacts facts = Facts(1, FrameFlags.None);
            _meter.Add(_now, facts, 200);
        }
    }

    private static FrameFacts Facts(byte spatial, FrameFlags flags)
    {
        FrameFacts facts = default;
        (facts.Spatial, facts.Present, facts.Flags) = (spatial, LayerMask.Row(spatial, 0), flags);
        return facts;
    }
}
