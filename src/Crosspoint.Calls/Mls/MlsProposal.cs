namespace Crosspoint.Calls.Mls;

/// <summary>The proposals of RFC 9420 §12.1 by their numbers. Which of them a commit may carry is the room's rule, not the parser's.</summary>
public enum MlsProposalKind : ushort
{
    Add = 1,
    Update = 2,
    Remove = 3,
    PreSharedKey = 4,
    ReInit = 5,
    ExternalInit = 6,
    GroupContextExtensions = 7,
}

/// <summary>One proposal of a commit, given by value.</summary>
/// <param name="Kind">What it proposes.</param>
/// <param name="RemovedLeaf">The leaf of a Remove; 0 for others. It may name a leaf that is not there.</param>
public readonly record struct MlsProposal(MlsProposalKind Kind, uint RemovedLeaf);
