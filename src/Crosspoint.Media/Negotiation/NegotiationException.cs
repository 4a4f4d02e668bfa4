namespace Crosspoint.Media.Negotiation;

/// <summary>Media parameters that cannot be used: what is wrong, and where.</summary>
public sealed class NegotiationException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="error">What is wrong.</param>
    /// <param name="path">Where, as a JSON path from the parameters' root: <c>codecs[1].parameters.apt</c>.</param>
    /// <param name="message">For a human; holds no secret and no unbounded text of the client's making.</param>
    public NegotiationException(NegotiationError error, string path, string message)
        : base($"{path}: {message}")
    {
        Error = error;
        Path = path;
    }

    /// <summary>What is wrong.</summary>
    public NegotiationError Error { get; }

    /// <summary>Where.</summary>
    public string Path { get; }
}
