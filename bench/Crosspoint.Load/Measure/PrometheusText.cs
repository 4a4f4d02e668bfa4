using System.Globalization;

namespace Crosspoint.Load.Measure;

/// <summary>Reads sums out of Prometheus text.</summary>
internal static class PrometheusText
{
    /// <summary>The sum of a family's series whose labels contain <paramref name="label"/>; 0 when there is none.</summary>
    public static double Sum(string text, string name, string label = "")
    {
        double sum = 0;
        foreach (string line in text.Split('\n'))
        {
            bool isOfFamily = line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' ';
            if (isOfFamily && line.Contains(label, StringComparison.Ordinal) && double.TryParse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture, out double value))
            {
                sum += value;
            }
        }

        return sum;
    }
}
