using Crosspoint.Media.Allocation;
using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Allocation;

public class LayerLadderTests
{
    /// <summary>Rates in kbit/s, temporal layers within a spatial one separated by commas.</summary>
    [Theory]
    [InlineData("500", null, "S0T0=500")]
    [InlineData("150/500/1500", null, "S0T0=150 S1T0=500 S2T0=1500")]
    // A larger picture only with all its pictures, or with all that are wanted.
    [InlineData("60,100,150/250,400,500/750,1200,1500", null, "S0T0=60 S0T1=100 S0T2=150 S1T2=500 S2T2=1500")]
    [InlineData("60,100,150/250,400,500/750,1200,1500", "1,2", "S0T0=60 S0T1=100 S0T2=150 S1T2=500")]
    [InlineData("60,100,150/250,400,500/750,1200,1500", "1,1", "S0T0=60 S0T1=100 S1T1=400")]
    [InlineData("60,100,150/250,400,500/750,1200,1500", "0,0", "S0T0=60")]
    // A layer that is not sent is no step, and the lowest that is sent counts as the lowest.
    [InlineData("150/0/1500", null, "S0T0=150 S2T0=1500")]
    [InlineData("0,0,0/250,400,500", null, "S1T0=250 S1T1=400 S1T2=500")]
    [InlineData("0/0/0", null, "")]
    [InlineData("150/500/1500", "7,7", "S0T0=150 S1T0=500 S2T0=1500")]
    // A better layer that costs no more replaces the one below.
    [InlineData("150/140/1500", null, "S1T0=140 S2T0=1500")]
    [InlineData("100,100,100", null, "S0T2=100")]
    public void Climbs(string rates, string? preferred, string expected)
    {
        string[] rows = rates.Split('/');
        int temporals = rows[0].Split(',').Length;
        Bitrate[] all = [.. rows.SelectMany(row => row.Split(',')).Select(rate => Bitrate.FromKilobits(Number(rate)))];
        LayerId? most = preferred is null ? null : new LayerId((byte)Number(preferred.Split(',')[0]), (byte)Number(preferred.Split(',')[1]));
        LayerLadder ladder = LayerLadder.Build(all, temporals, most);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, ladder.Count).Select(i => $"{ladder[i].Layer}={ladder[i].Rate.KilobitsPerSecond:0}")));
    }

    // Nothing is climbed to for the sake of a thinned one, unless that is a step.
    [Theory]
    [InlineData(0b001, "S0T0=60 S0T1=100 S0T2=150 S1T2=500 S2T2=1500")]
    [InlineData(0b010, "S0T0=60 S0T1=100 S0T2=150 S1T1=400 S1T2=500 S2T2=1500")]
    [InlineData(0b100, "S0T0=60 S0T1=100 S0T2=150 S1T2=500 S2T1=1200 S2T2=1500")]
    [InlineData(0b110, "S0T0=60 S0T1=100 S0T2=150 S1T1=400 S1T2=500 S2T1=1200 S2T2=1500")]
    public void A_larger_picture_is_sent_with_half_of_its_pictures_where_that_is_a_step(uint halves, string expected)
    {
        Bitrate[] all = [.. "60,100,150,250,400,500,750,1200,1500".Split(',').Select(rate => Bitrate.FromKilobits(Number(rate)))];
        LayerLadder ladder = LayerLadder.Build(all, 3, null, [1000, 2000, 3000], halves);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, ladder.Count).Select(i => $"{ladder[i].Layer}={ladder[i].Rate.KilobitsPerSecond:0}")));
        Assert.All(Enumerable.Range(0, ladder.Count), i => Assert.Equal(i, ladder.IndexOf(ladder[i].Layer)));
        Assert.All(Enumerable.Range(0, ladder.Count), i => Assert.Equal(1000 * (ladder[i].Layer.Spatial + 1), ladder[i].KeyFrameBytes));
    }

    [Theory]
    [InlineData("60,100,150/250,400,500", 150)]
    [InlineData("0,0,0/250,400,500", 500)]
    [InlineData("0,0,0", 0)]
    public void The_smallest_picture_costs_what_all_its_pictures_do(string rates, int expected)
    {
        Bitrate[] all = [.. rates.Split('/', ',').Select(rate => Bitrate.FromKilobits(Number(rate)))];
        Assert.Equal(Bitrate.FromKilobits(expected), LayerLadder.Build(all, 3, null).SmallestPicture);
    }

    [Fact]
    public void What_is_sent_is_found_again_though_its_layer_is_gone()
    {
        LayerLadder ladder = LayerLadder.Build([Bitrate.FromKilobits(150), Bitrate.Zero, Bitrate.FromKilobits(1500)], 1, null);
        Assert.Equal(-1, ladder.IndexOf(null));
        Assert.Equal(0, ladder.IndexOf(new LayerId(0, 0)));
        Assert.Equal(0, ladder.IndexOf(new LayerId(1, 3)));
        Assert.Equal(1, ladder.IndexOf(new LayerId(2, 0)));
    }

    [Fact]
    public void Eight_by_eight_layers_fit()
    {
        Bitrate[] all = [.. Enumerable.Range(1, 64).Select(i => Bitrate.FromKilobits(i))];
        LayerLadder ladder = LayerLadder.Build(all, 8, null, default, 0xFF);
        Assert.Equal(LayerLadder.Capacity, ladder.Count);
        Assert.Equal(Bitrate.FromKilobits(64), ladder.Top);
    }

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
