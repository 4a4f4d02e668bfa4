namespace Crosspoint.Calls.Mls;

/// <summary>What was wrong with an MLS message. Also a label of metrics, so the names stay.</summary>
public enum MlsFault
{
    None,

    /// <summary>Longer than such a message may be (<see cref="MlsLimits"/>).</summary>
    TooLarge,

    /// <summary>The message, or a vector inside it, ends early.</summary>
    Truncated,

    /// <summary>Bytes follow the message, or what fills a vector inside it.</summary>
    Trailing,

    /// <summary>A vector's length is not written in the fewest bytes (RFC 9420 §2.1.2).</summary>
    Length,

    /// <summary>Another protocol version than mls10.</summary>
    Version,

    /// <summary>Another wire format than what was asked for.</summary>
    WireFormat,

    /// <summary>Content other than a commit.</summary>
    ContentType,

    /// <summary>Sent by neither a member nor a new member that commits.</summary>
    SenderKind,

    /// <summary>A proposal that is named and not given; nobody here keeps proposals.</summary>
    ProposalByReference,

    /// <summary>More proposals than are allowed.</summary>
    TooManyProposals,

    /// <summary>A proposal of a type that RFC 9420 does not know.</summary>
    UnknownProposal,

    /// <summary>A byte that says whether something follows is neither 0 nor 1.</summary>
    Presence,

    /// <summary>A credential of a type that RFC 9420 does not know.</summary>
    Credential,

    /// <summary>A leaf that comes from nowhere RFC 9420 knows.</summary>
    LeafSource,

    /// <summary>A pre-shared key of a type that RFC 9420 does not know.</summary>
    PreSharedKey,

    /// <summary>An extension stands twice.</summary>
    DuplicateExtension,

    /// <summary>A tree with a parent where a leaf belongs, or the other way, or one that ends in a blank.</summary>
    Tree,

    /// <summary>More leaves than are allowed.</summary>
    TooManyLeaves,
}
