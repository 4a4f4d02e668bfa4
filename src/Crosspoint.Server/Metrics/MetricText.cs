using System.Globalization;
using System.Text;

namespace Crosspoint.Server.Metrics;

/// <summary>How names, labels and values are spelled in both text formats.</summary>
internal static class MetricText
{
    /// <summary>The longest label value kept, in characters.</summary>
    public const int MaxValueLength = 128;

    /// <summary><c>a="1",b="2"</c>, in order of the names.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags, bool overflow)
    {
        if (tags.Length == 0)
        {
            return string.Empty;
        }

        var sorted = tags.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var text = new StringBuilder();
        foreach (var (name, value) in sorted)
        {
            var shown = overflow ? "other" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
            text.Append(text.Length == 0 ? string.Empty : ",").Append(LabelName(name)).Append("=\"");
            Escape(text, shown.Length <= MaxValueLength ? shown : shown[..MaxValueLength], quotes: true);
            text.Append('"');
        }

        return text.ToString();
    }

    /// <summary>A name with everything else made an underscore.</summary>
    public static string Name(string name, bool colons = true)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c == '_' || (colons && c == ':') ? c : '_');
        }

        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? text.Insert(0, '_').ToString() : text.ToString();
    }

    /// <summary>Backslash, line feed and, where asked, the quote.</summary>
    public static void Escape(StringBuilder into, string text, bool quotes)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => into.Append(@"\\"),
                '\n' => into.Append(@"\n"),
                '"' when quotes => into.Append("\\\""),
                _ => into.Append(c),
            };
        }
    }

    /// <summary>A value; the shortest text that reads back the same.</summary>
    public static string Value(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>A bucket bound; always with a point, as OpenMetrics wants it.</summary>
    public static string Bound(double value)
    {
        var text = Value(value);
        return text.All(c => char.IsAsciiDigit(c) || c == '-') ? text + ".0" : text;
    }

    // le is what histograms call their bound; __ is reserved.
    private static string LabelName(string name)
    {
        var clean = Name(name, colons: false);
        return clean is "le" or "quantile" || clean.StartsWith("__", StringComparison.Ordinal) ? "exported_" + clean.TrimStart('_') : clean;
    }
}
