using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Layers;

public class LayerMeterTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    private LayerMeter _meter;
    private Instant _now = Instant.FromMilliseconds(1);

    // 400 kbit/s: a keyframe of 25 kB, made up for in the second after it, as encoders do.
    [Fact]
    public void What_has_just_begun_costs_no_less_than_has_come_of_it()
    {
        List<double> cautious = [];
        List<double> mean = [];
        for (int i = 0; i < 600; i++, _now += TimeSpan.FromMilliseconds(10))
        {
            Add(0, i == 0, i == 0 ? 25_000 : i < 100 ? 250 : 500);
            if (_meter.IsMeasured(0))
            {
                cautious.Add(_meter.RateOf(_now, new(0, 0), isCautious: true).KilobitsPerSecond);
                mean.Add(_meter.RateOf(_now, new(0, 0)).KilobitsPerSecond);
            }
        }

        Assert.InRange(mean.Take(40).Max(), 200, 330); // so it looks without
        Assert.True(cautious.Min() >= 345, $"{cautious.Min()}");
        Assert.True(cautious.Skip(100).Max() <= 480, $"{cautious.Skip(100).Max()}");
        Assert.Equal(mean[^1], cautious[^1]);
    }

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

    [Fact]
    public void A_keyframe_is_counted_with_the_layers_below()
    {
        Assert.Equal(0, _meter.KeyFrameBytes(0));
        Key(0, begins: true, 1000);
        More(0, 500);
        Key(1, begins: false, 2000);
        More(1, 700);
        Assert.Equal((1500, 4200, 4200), (_meter.KeyFrameBytes(0), _meter.KeyFrameBytes(1), _meter.KeyFrameBytes(7)));

        // The next takes its place.
        Key(0, begins: true, 300);
        Key(1, begins: false, 400);
        Assert.Equal((300, 700), (_meter.KeyFrameBytes(0), _meter.KeyFrameBytes(1)));
    }

    private void Picture(bool withSecond)
    {
        Add(0, false, 100);
        _meter.NoteAlive(_now, Silence);
        if (withSecond)
        {
            FrameFacts facts = Facts(1, FrameFlags.None);
            _meter.Add(_now, facts, 200);
        }
    }

    private void Add(byte spatial, bool isKey, int bytes) => _meter.Add(_now, Facts(spatial, FrameFlags.BeginsPicture | (isKey ? FrameFlags.KeyFrame : FrameFlags.None)), bytes);

    private void Key(byte spatial, bool begins, int bytes) => _meter.Add(_now, Facts(spatial, FrameFlags.KeyFrame | (begins ? FrameFlags.BeginsPicture : FrameFlags.None)), bytes);

    private void More(byte spatial, int bytes) => _meter.Add(_now, Facts(spatial, FrameFlags.None), bytes);

    private static FrameFacts Facts(byte spatial, FrameFlags flags)
    {
        FrameFacts facts = default;
        (facts.Spatial, facts.Present, facts.Flags) = (spatial, LayerMask.Row(spatial, 0), flags);
        return facts;
    }
}
