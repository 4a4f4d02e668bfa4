namespace Crosspoint.Calls.Encryption;

/// <summary>Why there is a rekey; the more urgent first. The names are the words on the wire and of metrics.</summary>
public enum RekeyCause
{
    /// <summary>There is no group.</summary>
    Create,

    /// <summary>Somebody was removed.</summary>
    Kick,

    /// <summary>Somebody left.</summary>
    Leave,

    /// <summary>Somebody was put out.</summary>
    Fault,

    /// <summary>A member lost its state.</summary>
    Resync,

    /// <summary>Somebody wants in.</summary>
    Join,

    /// <summary>A member asked.</summary>
    Request,

    /// <summary>It is time.</summary>
    Periodic,
}

/// <summary>The words for <see cref="RekeyCause"/>.</summary>
public static class RekeyCauses
{
    private static readonly string[] Words = [.. Enum.GetNames<RekeyCause>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    /// <summary>As on the wire.</summary>
    public static string Word(this RekeyCause cause) => Words[(int)cause];

    /// <summary>Whether whom it is about commits itself, from outside; otherwise a member does.</summary>
    public static bool IsExternal(this RekeyCause cause) => cause is RekeyCause.Resync or RekeyCause.Join;

    /// <summary>Whether its committer has a new leaf after it.</summary>
    public static bool BringsLeaf(this RekeyCause cause) => cause == RekeyCause.Create || cause.IsExternal();

    /// <summary>Whether it takes somebody out.</summary>
    public static bool Removes(this RekeyCause cause) => cause is RekeyCause.Kick or RekeyCause.Leave or RekeyCause.Fault;
}
