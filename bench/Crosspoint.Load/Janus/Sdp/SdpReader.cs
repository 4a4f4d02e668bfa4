using System.Diagnostics.CodeAnalysis;

namespace Crosspoint.Load.Janus.Sdp;

/// <summary>
/// Reads bundled descriptions (RFC 8866): attributes in any order, transport attributes at session or section level,
/// unknown lines passed over.
/// </summary>
internal static class SdpReader
{
    /// <summary>False when it is not SDP, or names no ICE credentials or no fingerprint; <paramref name="error"/> says which line or what is missing.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out SdpDescription? description, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        description = null;
        error = "";
        SdpTransportBuilder transport = new();
        List<SdpMediaBuilder> sections = [];
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.Trim();
            if (!line.IsEmpty && !TryLine(line, transport, sections))
            {
                error = $"Not understood: {line}";
                return false;
            }
        }

        if (!transport.TryBuild(out SdpTransport? built, out error))
        {
            return false;
        }

        description = new SdpDescription { Transport = built, Media = [.. sections.Select(section => section.Build())] };
        return true;
    }

    private static bool TryLine(ReadOnlySpan<char> line, SdpTransportBuilder transport, List<SdpMediaBuilder> sections)
    {
        if (line.Length < 2 || line[1] != '=')
        {
            return false;
        }

        ReadOnlySpan<char> value = line[2..];
        switch (line[0])
        {
            case 'm':
                bool isMedia = SdpMediaBuilder.TryStart(value, out SdpMediaBuilder? section);
                if (isMedia)
                {
                    sections.Add(section!);
                }

                return isMedia;
            case 'a':
                SdpAttribute attribute = SdpAttribute.Split(value);
                return transport.TryTake(attribute) && (sections.Count == 0 || sections[^1].TryTake(attribute));
            default:
                return true;
        }
    }
}
