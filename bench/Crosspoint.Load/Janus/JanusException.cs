namespace Crosspoint.Load.Janus;

/// <summary>Janus refused a request, sent something that is not understood, or is gone.</summary>
internal sealed class JanusException : Exception
{
    /// <summary>A failure of ours to understand or to reach it.</summary>
    public JanusException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its cause.</summary>
    public JanusException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>A refusal, with the code of the Janus API or of the plugin.</summary>
    public JanusException(int code, string reason)
        : base($"Janus refused: {code} {reason}") => Code = code;

    /// <summary>Nothing is known.</summary>
    public JanusException()
    {
    }

    /// <summary>Janus's error code; 0 when it gave none.</summary>
    public int Code { get; }
}
