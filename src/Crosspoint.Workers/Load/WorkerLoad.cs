namespace Crosspoint.Workers.Load;

/// <summary>One worker as placement sees it.</summary>
/// <param name="IsAlive">False when it can take nothing.</param>
/// <param name="Ratio">Smoothed, 0 to 1.</param>
/// <param name="IsOverloaded">Takes nothing new.</param>
internal readonly record struct WorkerLoad(bool IsAlive, double Ratio, bool IsOverloaded)
{
    /// <summary>True when it may be given more.</summary>
    public bool HasRoom => IsAlive && !IsOverloaded;
}
