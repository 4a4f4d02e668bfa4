namespace Crosspoint.Media;

/// <summary>Where a consumer stands. <see cref="ConsumerTransitions"/> says which way leads where.</summary>
public enum ConsumerState : byte
{
    /// <summary>Its owner paused it: nothing is sent.</summary>
    Paused,

    /// <summary>It sends from the next packet on that it can begin with: any of audio, a keyframe of video.</summary>
    AwaitingStart,

    /// <summary>It sends.</summary>
    Forwarding,

    /// <summary>It is no more.</summary>
    Closed,
}

/// <summary>The transition table of <see cref="ConsumerState"/>.</summary>
/// <remarks>
/// <code>
/// Paused        → AwaitingStart (resume)                         → Closed
/// AwaitingStart → Forwarding (packet to begin with) → Paused     → Closed
/// Forwarding    → AwaitingStart (producer resumed, restarted, other layer) → Paused → Closed
/// Closed        → nothing
/// </code>
/// </remarks>
public static class ConsumerTransitions
{
    /// <summary>True when a consumer may go from one state to another.</summary>
    public static bool IsAllowed(ConsumerState from, ConsumerState to) => (from, to) switch
    {
        (ConsumerState.Closed, _) => false,
        (_, ConsumerState.Closed) => true,
        (ConsumerState.Paused, ConsumerState.AwaitingStart) => true,
        (ConsumerState.AwaitingStart, ConsumerState.Forwarding or ConsumerState.Paused) => true,
        (ConsumerState.Forwarding, ConsumerState.AwaitingStart or ConsumerState.Paused) => true,
        _ => false,
    };
}
