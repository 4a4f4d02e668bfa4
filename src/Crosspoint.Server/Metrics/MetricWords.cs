using System.Text;

namespace Crosspoint.Server.Metrics;

/// <summary>Enumerated reasons as label values: <c>UnknownSource</c> is <c>unknown_source</c>.</summary>
internal static class MetricWords
{
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        StringBuilder word = new();
        foreach (char c in value.ToString())
        {
            word.Append(char.IsUpper(c) && word.Length > 0 ? "_" : string.Empty).Append(char.ToLowerInvariant(c));
        }

        return word.ToString();
    }
}
