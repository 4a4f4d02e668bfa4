namespace Crosspoint.Calls.Limits;

/// <summary>Which of the two lines somebody stands in.</summary>
internal enum JoinLane
{
    /// <summary>Says that it was here a moment ago: somebody waits for it in a call.</summary>
    Returning,

    /// <summary>Everybody else.</summary>
    Newcomer,
}

/// <summary>What becomes of somebody who wants in.</summary>
internal enum JoinVerdict
{
    /// <summary>In.</summary>
    Admitted,

    /// <summary>Stands in line.</summary>
    Waiting,

    /// <summary>The line is full.</summary>
    Refused,

    /// <summary>Left while waiting.</summary>
    Gone,
}
