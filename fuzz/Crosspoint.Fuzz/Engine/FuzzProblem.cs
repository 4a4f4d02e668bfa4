namespace Crosspoint.Fuzz.Engine;

/// <summary>What an input did that no input may do.</summary>
public enum FuzzProblemKind
{
    /// <summary>An exception came out.</summary>
    Threw,

    /// <summary>More bytes were allocated than one input may cause.</summary>
    Allocated,

    /// <summary>It took too much processor time, again and again.</summary>
    TookTooLong,

    /// <summary>The process died or hung in it; found at the next start.</summary>
    Killed,
}

/// <summary>A problem, and a key under which the same one is known again.</summary>
public sealed record FuzzProblem(FuzzProblemKind Kind, string Key, string Detail);
