using Crosspoint.Primitives;

namespace Crosspoint.Calls.Encryption;

/// <summary>The right to make one epoch: one device has it, for a while.</summary>
/// <param name="Id">Told to its holder only.</param>
/// <param name="Holder">Who may commit.</param>
/// <param name="Cause">Why.</param>
/// <param name="NewEpoch">The epoch it makes.</param>
/// <param name="GrantedAt">When it began.</param>
/// <param name="Deadline">When it ends.</param>
/// <param name="Removes">Whom the commit must remove, no more and no fewer.</param>
public sealed record Lease(string Id, KeyMember Holder, RekeyCause Cause, long NewEpoch, Instant GrantedAt, Instant Deadline, IReadOnlyList<KeyMember> Removes);

/// <summary>The room's one lease, and how often it was given in vain.</summary>
/// <remarks>The room's actor owns it.</remarks>
internal sealed class LeaseTable
{
    // state
    private long _given;

    internal Lease? Current { get; private set; }

    /// <summary>Leases of members, one after the other, that came to nothing.</summary>
    internal int Failures { get; private set; }

    internal Lease Grant(Instant now, KeyMember holder, RekeyCause cause, long newEpoch, TimeSpan life, IReadOnlyList<KeyMember> removes) =>
        Current = new("L" + ++_given, holder, cause, newEpoch, now, now + life, removes);

    /// <summary>It did what it was for.</summary>
    internal void Fulfil()
    {
        Current = null;
        Failures = 0;
    }

    /// <summary>It came to nothing through its holder's doing.</summary>
    internal void Fail()
    {
        if (Current is { } lease && !lease.Cause.IsExternal())
        {
            Failures++;
        }

        Current = null;
    }

    /// <summary>It is taken back through nobody's fault.</summary>
    internal void Revoke() => Current = null;

    internal void Reset() => (Current, Failures) = (null, 0);
}
