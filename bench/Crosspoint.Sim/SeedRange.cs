using System.Globalization;

namespace Crosspoint.Sim;

/// <summary>Seeds as a command line names them: <c>7</c>, or <c>1-12</c>, both ends included.</summary>
internal static class SeedRange
{
    private const int Most = 1000; // beyond, it is a slip of the finger: a seed takes ten seconds

    public static bool TryParse(string text, out IReadOnlyList<long> seeds)
    {
        seeds = [];
        string[] ends = text.Split('-');
        if (ends.Length > 2
            || !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            || !long.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            || last < first || last - first >= Most)
        {
            return false;
        }

        seeds = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(step => first + step)];
        return true;
    }
}
