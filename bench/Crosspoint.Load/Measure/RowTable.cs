using System.Globalization;
using System.Text;

namespace Crosspoint.Load.Measure;

/// <summary>The rows for people: one line each in Markdown, the median with min and max.</summary>
internal static class RowTable
{
    private static readonly (string Figure, string Title, string Format)[] Columns =
    [
        (Figures.UsPerPacket, "µs/packet", "0.00"),
        (Figures.PacketsPerSecond, "packets/s", "0"),
        (Figures.LostPercent, "lost %", "0.###"),
        (Figures.RssMb, "RSS MB", "0"),
        (Figures.DelayP50Ms, "delay p50 ms", "0.00"),
        (Figures.DelayP99Ms, "p99", "0.00"),
        (Figures.DelayP999Ms, "p99.9", "0.00"),
        (Figures.ServerCpuPercent, "server CPU %", "0"),
        (Figures.LoadCpuPercent, "load CPU %", "0"),
    ];

    /// <summary>Writes the table; figures that few scenarios have follow in the last column by name.</summary>
    public static string Write(IReadOnlyList<Row> rows)
    {
        string[] others = [.. Figures.All.Except(Columns.Select(column => column.Figure))];
        StringBuilder text = new();
        text.Append("| scenario | server | variant | profile | load | ").AppendJoin(" | ", Columns.Select(column => column.Title)).Append(" | besides |\n");
        text.Append("|---|---|---|---|---|").Insert(text.Length, "---|", Columns.Length).Append("---|\n");
        foreach (Row row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Case.Scenario} | {row.Case.Server} | {row.Case.Variant} | {row.Case.ProfileName} | {row.Case.Publishers} → {row.Case.Subscribers} | ");
            text.AppendJoin(" | ", Columns.Select(column => Text(row.Of(column.Figure), column.Format)));
            text.Append(" | ").AppendJoin(", ", others.Where(name => row.Of(name) is not null).Select(name => $"{name} {Text(row.Of(name), "0.##")}")).Append(" |\n");
        }

        return text.ToString();
    }

    private static string Text(Figure? figure, string format) => figure switch
    {
        null => "–",
        { } one when one.Min == one.Max => one.Median.ToString(format, CultureInfo.InvariantCulture),
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"{figure.Median.ToString(format, CultureInfo.InvariantCulture)} ({figure.Min.ToString(format, CultureInfo.InvariantCulture)}–{figure.Max.ToString(format, CultureInfo.InvariantCulture)})"),
    };
}
