namespace Crosspoint.Workers.Fairness;

/// <summary>What one router has used of its worker's turn, and what of its media waits for a later one.</summary>
/// <remarks>Owned by one worker thread; kept by <see cref="TurnBudget"/> and <see cref="MediaBacklog"/>.</remarks>
internal sealed class RouterShare
{
    /// <summary>The turn that <see cref="Spent"/> is of.</summary>
    public long Turn;

    /// <summary>What it used in that turn.</summary>
    public int Spent;

    /// <summary>What it may still take from the backlog before it is the next router's turn; negative when it took more.</summary>
    public int Credit;

    /// <summary>Audio and RTCP that wait.</summary>
    public SlotChain Urgent = SlotChain.Empty;

    /// <summary>Everything else that waits.</summary>
    public SlotChain Bulk = SlotChain.Empty;

    /// <summary>True while it is among those that the backlog goes round.</summary>
    public bool IsListed;

    /// <summary>Packets that wait.</summary>
    public int Waiting => Urgent.Count + Bulk.Count;
}
