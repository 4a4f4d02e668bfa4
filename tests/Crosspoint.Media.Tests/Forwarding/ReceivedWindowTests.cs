using Crosspoint.Media.Forwarding;

namespace Crosspoint.Media.Tests.Forwarding;

public class ReceivedWindowTests
{
    [Theory]
    [InlineData("1 2 3", "111")]
    [InlineData("1 1", "10")]
    [InlineData("5 3 4 3 5", "11100")]
    [InlineData("65535 0 65534 65535 0", "11100")]
    [InlineData("100 2148 101 100", "1110")]
    [InlineData("100 2149 101 100 102", "11001")]
    [InlineData("100 5000 5001 4999 4999", "11110")]
    [InlineData("0 2048 0", "110")]
    public void Every_number_passes_once(string numbers, string expected)
    {
        ReceivedWindow window = default;
        string passed = "";
        foreach (string number in numbers.Split(' '))
        {
            passed += window.TryTake(new(ushort.Parse(number))) ? "1" : "0";
        }

        Assert.Equal(expected, passed);
    }

    [Fact]
    public void Many_rounds_of_the_circle_leave_no_trace_behind()
    {
        ReceivedWindow window = default;
        for (int i = 0; i < 150_000; i++)
        {
            Assert.True(window.TryTake(new((ushort)i)));
            Assert.False(window.TryTake(new((ushort)i)));
        }
    }
}
