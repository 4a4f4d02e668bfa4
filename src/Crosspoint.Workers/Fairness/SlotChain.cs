namespace Crosspoint.Workers.Fairness;

/// <summary>Slots of the <see cref="MediaBacklog"/> in order of arrival: indices of the first and the last, and how many there are.</summary>
internal readonly record struct SlotChain(int First, int Last, int Count)
{
    /// <summary>No slots.</summary>
    public static readonly SlotChain Empty = new(-1, -1, 0);

    /// <summary>True without slots.</summary>
    public bool IsEmpty => First < 0;
}
