using System.Globalization;

namespace Crosspoint.Load.Measure;

/// <summary>Reads <c>/proc/PID/task/TID/schedstat</c>: run time in ns, waiting time in ns, time slices.</summary>
internal static class SchedStat
{
    /// <summary>The run time in ns; false when the line is not one.</summary>
    public static bool TryParse(ReadOnlySpan<char> line, out long runNanoseconds)
    {
        int end = line.IndexOf(' ');
        return long.TryParse(end < 0 ? line : line[..end], NumberStyles.None, CultureInfo.InvariantCulture, out runNanoseconds);
    }
}
