using System.Globalization;

namespace Crosspoint.Load.Measure;

/// <summary>Memory and handles of a process over time; the slope is the least-squares line, so that single collections do not decide it.</summary>
internal sealed class Trend(int processId)
{
    private readonly List<(double Hours, double Mb)> _resident = [];
    private readonly ProcessCpu _process = new([processId]);
    private double _firstHandles = double.NaN;

    /// <summary>The last reading.</summary>
    public double ResidentMb => _resident.Count == 0 ? 0 : _resident[^1].Mb;

    /// <summary>The last reading: open file descriptors.</summary>
    public double Handles { get; private set; }

    /// <summary>Since the first reading.</summary>
    public double HandlesGrowth => Handles - _firstHandles;

    /// <summary>The slope of memory.</summary>
    public double ResidentMbPerHour => Slope(_resident);

    /// <summary>Reads once.</summary>
    public void Read(TimeSpan since)
    {
        _resident.Add((since.TotalHours, _process.ReadResidentBytes() / 1048576.0));
        Handles = Directory.EnumerateFiles($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/fd").Count();
        _firstHandles = double.IsNaN(_firstHandles) ? Handles : _firstHandles;
    }

    /// <summary>The slope of the least-squares line; 0 for fewer than two points.</summary>
    internal static double Slope(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < 2)
        {
            return 0;
        }

        double meanX = points.Average(point => point.X);
        double meanY = points.Average(point => point.Y);
        double above = points.Sum(point => (point.X - meanX) * (point.Y - meanY));
        double below = points.Sum(point => (point.X - meanX) * (point.X - meanX));
        return below == 0 ? 0 : above / below;
    }
}
