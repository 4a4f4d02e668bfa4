using System.Text.Json;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Measure;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Tests.Measure;

public class RowTests
{
    private static readonly Row Row = new(
        new Case("call", "crosspoint", SrtpProfile.AeadAes128Gcm, 1, 100),
        "0.1.0+abc",
        [
            new Sample { [Figures.UsPerPacket] = 1.5, [Figures.PacketsPerSecond] = 28_500, [Figures.LostPercent] = 0, [Figures.RssMb] = 90 },
            new Sample { [Figures.UsPerPacket] = 1.7, [Figures.PacketsPerSecond] = 28_400, [Figures.LostPercent] = 0, [Figures.RssMb] = 91 },
        ]);

    [Fact]
    public void Json_is_an_array_of_rows_with_figures_as_min_median_max()
    {
        JsonElement row = JsonDocument.Parse(RowJson.Write([Row])).RootElement.EnumerateArray().Single();

        Assert.Equal("crosspoint", row.GetProperty("server").GetString());
        Assert.Equal("call", row.GetProperty("scenario").GetString());
        Assert.Equal("gcm", row.GetProperty("profile").GetString());
        Assert.Equal((1, 100), (row.GetProperty("publishers").GetInt32(), row.GetProperty("subscribers").GetInt32()));
        foreach (string figure in new[] { "usPerPacket", "packetsPerSecond", "lostPercent", "rssMb" })
        {
            Assert.Equal(["min", "median", "max"], row.GetProperty(figure).EnumerateObject().Select(property => property.Name));
        }

        Assert.Equal(1.6, row.GetProperty("usPerPacket").GetProperty("median").GetDouble());
        Assert.False(row.TryGetProperty("delayP50Ms", out _));
    }

    [Fact]
    public void Csv_has_every_round()
    {
        string[] lines = RowCsv.Write([Row]).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, lines.Length);
        Assert.Single(lines.Select(line => line.Split(',').Length).Distinct());
        Assert.StartsWith("crosspoint,0.1.0+abc,call,default,gcm,1,100,plain,2,1.7,28400,0,91,", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_one_line_a_row()
    {
        string[] lines = RowTable.Write([Row]).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, lines.Length);
        Assert.Single(lines.Select(line => line.Count(c => c == '|')).Distinct());
        Assert.Contains("1.60 (1.50–1.70)", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, 0, 0, 0)]
    [InlineData(1000, 10, 0, 1)]
    [InlineData(0, 0, 0, 100)]
    [InlineData(1000, 0, 2, 20)]
    [InlineData(1000, 500, 5, 75)]
    public void Loss_counts_gaps_and_streams_that_never_came(long expected, long lost, long silent, double percent)
    {
        LoadCounters after = new() { Expected = expected, Lost = lost, SilentStreams = silent, AnnouncedStreams = 10 };

        Assert.Equal(percent, Window.LostPercent(default, after), 6);
    }
}
