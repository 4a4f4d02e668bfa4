using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>What a sender was told is watched of its video: more at once, less only when it stays so, so that it does not stop and start.</summary>
/// <remarks>One owner: the producer. −1 stands for nothing.</remarks>
/// <param name="patience">How long less must last.</param>
internal struct WatchedLayers(TimeSpan patience)
{
    private int _wanted = -1;

    /// <summary>The highest spatial layer the sender believes is watched; all of them before it is told anything.</summary>
    public int Told { get; private set; } = int.MaxValue;

    /// <summary>When <see cref="HandleTimeout"/> may have something to tell.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>Takes what is watched now; true when the sender is to be told at once.</summary>
    public bool Update(Instant now, int wanted)
    {
        _wanted = wanted;
        if (wanted > Told)
        {
            return Tell();
        }

        NextTimeout = wanted == Told ? Instant.Never : Instant.Min(NextTimeout, now + patience);
        return false;
    }

    /// <summary>True when the sender is to be told that less is watched.</summary>
    public bool HandleTimeout(Instant now) => now >= NextTimeout && Tell();

    private bool Tell()
    {
        NextTimeout = Instant.Never;
        Told = _wanted;
        return true;
    }
}
