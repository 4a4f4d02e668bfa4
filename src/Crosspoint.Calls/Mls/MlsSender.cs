namespace Crosspoint.Calls.Mls;

/// <summary>Who may send a commit (RFC 9420 §6, SenderType).</summary>
public enum MlsSenderKind : byte
{
    Member = 1,
    NewMemberCommit = 4,
}

/// <summary>The sender of a commit.</summary>
/// <param name="Kind">A member, or somebody who joins by this commit.</param>
/// <param name="Leaf">A member's leaf; 0 for a new member, who has none yet.</param>
public readonly record struct MlsSender(MlsSenderKind Kind, uint Leaf);
