namespace Crosspoint.Load.Janus.Sdp;

/// <summary>One payload type of a section: <c>a=rtpmap</c>, <c>a=fmtp</c> and <c>a=rtcp-fb</c> together.</summary>
internal sealed record SdpCodec
{
    /// <summary>0 to 127.</summary>
    public required byte PayloadType { get; init; }

    /// <summary>The encoding name, as written: "VP8", "opus", "rtx".</summary>
    public required string Name { get; init; }

    /// <summary>Hz.</summary>
    public required int ClockRate { get; init; }

    /// <summary>Audio channels; 1 where the line names none.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>What follows the payload type on its <c>a=fmtp</c> line; empty without one.</summary>
    public string Format { get; init; } = "";

    /// <summary>Each <c>a=rtcp-fb</c> line after the payload type: "nack", "nack pli", "transport-cc".</summary>
    public IReadOnlyList<string> Feedback { get; init; } = [];

    /// <summary>For RTX the payload type it repairs (<c>apt=</c>, RFC 4588 §8.6); null for everything else.</summary>
    public byte? AssociatedPayloadType
    {
        get
        {
            foreach (Range part in Format.AsSpan().SplitAny(';', ' '))
            {
                ReadOnlySpan<char> parameter = Format.AsSpan()[part];
                if (parameter.StartsWith("apt=") && byte.TryParse(parameter["apt=".Length..], out byte payloadType))
                {
                    return payloadType;
                }
            }

            return null;
        }
    }
}
