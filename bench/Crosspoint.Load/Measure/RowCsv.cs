using System.Globalization;
using System.Text;

namespace Crosspoint.Load.Measure;

/// <summary>Every sample of every row as CSV: the raw figures, round by round.</summary>
internal static class RowCsv
{
    /// <summary>Writes a header and all samples.</summary>
    public static string Write(IEnumerable<Row> rows)
    {
        StringBuilder text = new();
        text.Append("server,version,scenario,variant,profile,publishers,subscribers,receiver,round,").AppendJoin(',', Figures.All).Append('\n');
        foreach (Row row in rows)
        {
            for (int round = 0; round < row.Samples.Count; round++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{row.Case.Server},{row.ServerVersion},{row.Case.Scenario},{row.Case.Variant},{row.Case.ProfileName},");
                text.Append(CultureInfo.InvariantCulture, $"{row.Case.Publishers},{row.Case.Subscribers},plain,{round + 1},");
                text.AppendJoin(',', Figures.All.Select(name => Text(row.Samples[round][name]))).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Text(double? value) => value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";
}
