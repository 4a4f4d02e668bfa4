namespace Crosspoint.Media.Allocation;

/// <summary>One video of a subscriber, as the allocator sees it.</summary>
public struct AllocationRow
{
    /// <summary>What there is to choose from.</summary>
    public LayerLadder Ladder;

    /// <summary>Who goes first; twice the priority is twice the quality where there is not enough.</summary>
    public byte Priority;

    /// <summary>The step it has now; −1 for nothing.</summary>
    public int Current;

    /// <summary>False while it gets no more than it has.</summary>
    public bool MayRise;

    /// <summary>Out: the step it gets; −1 for nothing.</summary>
    public int Granted;

    /// <summary>Of the allocator: something was taken from it, so it gets nothing more in this call.</summary>
    internal bool IsReduced;
}
