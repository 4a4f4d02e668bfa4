namespace Crosspoint.Calls.Mls;

/// <summary>What a GroupInfo says of its group.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="Epoch">The epoch it describes.</param>
/// <param name="CipherSuite">RFC 9420 §17.1.</param>
/// <param name="SignerLeaf">Who signed it, as it says itself. It may name a leaf that is not there.</param>
/// <param name="HasExternalPub">Whether one can join by it (§11.2.1). The key inside is not looked at: ts-mls 1.x leaves out its own length.</param>
/// <param name="Leaves">The occupied leaves in their order; none without the ratchet_tree extension.</param>
public sealed record MlsGroupInfo(ReadOnlyMemory<byte> GroupId, ulong Epoch, ushort CipherSuite, uint SignerLeaf, bool HasExternalPub, IReadOnlyList<MlsLeaf> Leaves);

/// <summary>A member, as the tree tells it.</summary>
/// <param name="Index">Its leaf.</param>
/// <param name="Identity">Of a basic credential; empty with certificates.</param>
/// <param name="SignatureKey">The public key it signs with.</param>
public sealed record MlsLeaf(uint Index, ReadOnlyMemory<byte> Identity, ReadOnlyMemory<byte> SignatureKey);
