using System.Diagnostics.CodeAnalysis;
using Crosspoint.Calls.Mls;

namespace Crosspoint.Calls.Encryption;

/// <summary>Reads the structure of commits. Tests that need a million of them write them in a simpler form than MLS.</summary>
public interface ICommitReader
{
    /// <summary>Reads a commit.</summary>
    bool TryReadCommit(ReadOnlySpan<byte> message, [NotNullWhen(true)] out MlsCommit? commit);

    /// <summary>Reads a GroupInfo.</summary>
    bool TryReadGroupInfo(ReadOnlySpan<byte> message, [NotNullWhen(true)] out MlsGroupInfo? info);
}

/// <summary>Reads MLS.</summary>
public sealed class MlsCommitReader : ICommitReader
{
    /// <inheritdoc/>
    public bool TryReadCommit(ReadOnlySpan<byte> message, [NotNullWhen(true)] out MlsCommit? commit) => MlsReader.TryReadCommit(message, out commit, out _);

    /// <inheritdoc/>
    public bool TryReadGroupInfo(ReadOnlySpan<byte> message, [NotNullWhen(true)] out MlsGroupInfo? info) => MlsReader.TryReadGroupInfo(message, out info, out _);
}
