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

    /// <summary>False while it gets no more than it has, but to move.</summary>
    public bool MayRise;

    /// <summary>The first step that is seen to move, of the smallest picture.</summary>
    public int Moving;

    /// <summary>Out: the step it gets; −1 for nothing.</summary>
    public int Granted;

    /// <summary>Of the allocator: something was taken from it, so it gets nothing more in this call.</summary>
    internal bool IsReduced;

    /// <summary>True when it may have a step. One that hardly moves need not wait to move: that costs no keyframe, and none to give it up again.</summary>
    internal readonly bool MayHave(int step) => MayRise || (Current >= 0 && step <= Moving);

    /// <summary>As much of what it is granted as it need not wait for.</summary>
    internal readonly int GrantedAtOnce => Current < 0 ? Current : Math.Min(Granted, Math.Max(Current, Moving));
}
