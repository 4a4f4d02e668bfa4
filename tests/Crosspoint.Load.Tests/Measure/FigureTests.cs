using Crosspoint.Load.Measure;

namespace Crosspoint.Load.Tests.Measure;

public class FigureTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3, 3, 3)]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 1, 2, 3)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 1, 2.5, 4)]
    [InlineData(new[] { 1.2345678, 123456.78 }, 1.2346, 61729, 123457)]
    [InlineData(new[] { 0.0, 0.0 }, 0, 0, 0)]
    public void Rounds_become_median_and_extremes(double[] values, double min, double median, double max) =>
        Assert.Equal(new Figure(min, median, max), Figure.Of(values));

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.999, 100)]
    public void A_percentile_is_a_value_that_was_measured(double share, double expected) =>
        Assert.Equal(expected, Percentile.Of([.. Enumerable.Range(1, 100).Select(i => (float)i)], share));

    [Theory]
    [InlineData("123456789 50105 1", true, 123456789)]
    [InlineData("0 0 0", true, 0)]
    [InlineData("", false, 0)]
    [InlineData("-1 0 0", false, 0)]
    public void Run_time_is_the_first_number(string line, bool isRead, long expected)
    {
        Assert.Equal(isRead, SchedStat.TryParse(line, out long run));
        Assert.Equal(expected, run);
    }

    [Fact]
    public void Our_own_threads_have_run() => Assert.True(new ProcessCpu([Environment.ProcessId]).Read() > 0);

    [Fact]
    public void The_slope_is_that_of_the_line_through_all_points()
    {
        Assert.Equal(0, Trend.Slope([(0, 5)]));
        Assert.Equal(2, Trend.Slope([(0, 1), (1, 3), (2, 5)]), 9);
        Assert.Equal(0, Trend.Slope([(0, 1), (1, 2), (2, 1)]), 9);
    }

    [Fact]
    public void Metrics_are_summed_by_family_and_label()
    {
        const string text = """
            # TYPE drops_total counter
            drops_total{stage="peer",reason="a"} 3
            drops_total{stage="socket",reason="b"} 4
            drops_total_other 100
            plain 7.5
            """;

        Assert.Equal(7, PrometheusText.Sum(text, "drops_total"));
        Assert.Equal(4, PrometheusText.Sum(text, "drops_total", "\"socket\""));
        Assert.Equal(7.5, PrometheusText.Sum(text, "plain"));
        Assert.Equal(0, PrometheusText.Sum(text, "absent"));
    }
}
