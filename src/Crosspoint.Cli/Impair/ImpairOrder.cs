using System.Globalization;
using Crosspoint.Netem;

namespace Crosspoint.Cli.Impair;

/// <summary>An order to a running proxy: other plans for everybody and those who come, or for one client, or a report.</summary>
/// <remarks>
/// <code>
/// up PLAN | down PLAN | both PLAN | client NUMBER up|down|both PLAN | stats
/// </code>
/// A plan is what <see cref="LinkPlanText"/> reads; <c>none</c> is a link that changes nothing.
/// </remarks>
internal sealed record ImpairOrder(LinkPlan? Up, LinkPlan? Down, int? Client, bool IsReport)
{
    /// <summary>Reads a line; false with what is wrong.</summary>
    public static bool TryParse(string line, out ImpairOrder order, out string error)
    {
        order = new ImpairOrder(null, null, null, IsReport: false);
        error = "";
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is ["stats"])
        {
            order = order with { IsReport = true };
            return true;
        }

        int? client = null;
        if (words is ["client", string number, ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed))
        {
            client = parsed;
            words = words[2..];
        }

        if (words is not [("up" or "down" or "both") and string direction, ..] || words.Length < 2)
        {
            error = "up PLAN, down PLAN, both PLAN, client NUMBER up|down|both PLAN, or stats";
            return false;
        }

        string text = string.Concat(words[1..]);
        if (!LinkPlanText.TryParse(text == "none" ? "" : text, 1, out LinkPlan plan, out error))
        {
            return false;
        }

        order = new ImpairOrder(direction == "down" ? null : plan, direction == "up" ? null : plan, client, IsReport: false);
        return true;
    }
}
