namespace Crosspoint.Netem;

/// <summary>
/// Loss that comes in bursts: the two states of Gilbert and Elliott. Each packet may first change the state, then is lost by the
/// chance of the state the link is in.
/// </summary>
/// <param name="Enter">From good to bad, per packet.</param>
/// <param name="Leave">From bad to good, per packet; a burst lasts 1 / Leave packets on average.</param>
/// <param name="LossWhenBad">In the bad state.</param>
/// <param name="LossWhenGood">In the good state.</param>
public readonly record struct BurstLoss(Chance Enter, Chance Leave, Chance LossWhenBad, Chance LossWhenGood = default)
{
    /// <summary>The loss in the long run.</summary>
    public Chance Mean
    {
        get
        {
            long sum = (long)Enter.PartsPerMillion + Leave.PartsPerMillion;
            long bad = sum == 0 ? 0 : (long)Enter.PartsPerMillion * Chance.Whole / sum;
            return new Chance((int)(((bad * LossWhenBad.PartsPerMillion) + ((Chance.Whole - bad) * LossWhenGood.PartsPerMillion)) / Chance.Whole));
        }
    }
}
