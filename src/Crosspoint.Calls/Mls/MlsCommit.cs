namespace Crosspoint.Calls.Mls;

/// <summary>What stands in the clear in a commit sent as PublicMessage.</summary>
/// <param name="GroupId">The group it is for.</param>
/// <param name="Epoch">The epoch it ends: the next one is this plus one.</param>
/// <param name="Sender">Who sent it, as it says itself; only members can check the signature.</param>
/// <param name="Proposals">In their order, all by value.</param>
/// <param name="HasPath">Whether new keys come with it (UpdatePath).</param>
public sealed record MlsCommit(ReadOnlyMemory<byte> GroupId, ulong Epoch, MlsSender Sender, IReadOnlyList<MlsProposal> Proposals, bool HasPath);
