namespace Crosspoint.Load.Measure;

/// <summary>One line of the table: a case, and what its rounds measured.</summary>
internal sealed record Row(Case Case, string ServerVersion, IReadOnlyList<Sample> Samples)
{
    /// <summary>A figure over the rounds; null when no round measured it.</summary>
    public Figure? Of(string figure)
    {
        double[] values = [.. Samples.Select(sample => sample[figure]).OfType<double>()];
        return values.Length == 0 ? null : Figure.Of(values);
    }
}
