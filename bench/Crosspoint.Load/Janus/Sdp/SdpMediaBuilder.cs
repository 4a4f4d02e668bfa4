using System.Diagnostics.CodeAnalysis;

namespace Crosspoint.Load.Janus.Sdp;

/// <summary>Gathers the lines of one section. A codec's lines may stand in any order, so each payload type is filled as they come.</summary>
internal sealed class SdpMediaBuilder
{
    private readonly string _kind;
    private readonly bool _hasPort;
    private readonly List<SdpCodec> _codecs;
    private readonly List<SdpExtension> _extensions = [];
    private readonly List<uint> _ssrcs = [];
    private readonly List<(uint Media, uint Repair)> _repairGroups = [];
    private string _mid = "";
    private string _cname = "";
    private bool _isBundleOnly;
    private SdpDirection _direction;

    private SdpMediaBuilder(string kind, bool hasPort, List<SdpCodec> codecs)
    {
        _kind = kind;
        _hasPort = hasPort;
        _codecs = codecs;
    }

    /// <summary>From the value of an m-line: <c>video 9 UDP/TLS/RTP/SAVPF 96 97</c>.</summary>
    public static bool TryStart(ReadOnlySpan<char> line, [NotNullWhen(true)] out SdpMediaBuilder? section)
    {
        section = null;
        string[] fields = line.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 4 || !ushort.TryParse(fields[1], out ushort port))
        {
            return false;
        }

        List<SdpCodec> codecs = [];
        foreach (string format in fields.AsSpan(3))
        {
            // A data channel's format is a word; it has no codecs.
            if (byte.TryParse(format, out byte payloadType) && payloadType < 128)
            {
                codecs.Add(new SdpCodec { PayloadType = payloadType, Name = "", ClockRate = 0 });
            }
        }

        section = new SdpMediaBuilder(fields[0], port != 0, codecs);
        return true;
    }

    /// <summary>Takes an attribute if it is one of a section's; false when its value is not understood.</summary>
    public bool TryTake(in SdpAttribute attribute)
    {
        switch (attribute.Name)
        {
            case "mid":
                _mid = attribute.Value.ToString();
                return true;
            case "bundle-only":
                _isBundleOnly = true;
                return true;
            case "rtpmap":
                return TryRtpMap(attribute.Value);
            case "fmtp":
                return TryCodec(attribute.Value, static (codec, format) => codec with { Format = format });
            case "rtcp-fb":
                return TryFeedback(attribute.Value);
            case "extmap":
                return TryExtension(attribute.Value);
            case "ssrc":
                return TrySource(attribute.Value);
            case "ssrc-group":
                return TryGroup(attribute.Value);
            default:
                TakeDirection(attribute.Name);
                return true;
        }
    }

    /// <summary>The section as gathered; payload types without a mapping are left out.</summary>
    public SdpMedia Build() => new()
    {
        Kind = _kind,
        Mid = _mid,
        Direction = _direction,
        IsRejected = !_hasPort && !_isBundleOnly,
        Codecs = [.. _codecs.Where(codec => codec.ClockRate > 0)],
        Extensions = _extensions,
        Ssrcs = _ssrcs,
        RepairGroups = _repairGroups,
        Cname = _cname,
    };

    private void TakeDirection(ReadOnlySpan<char> name) => _direction = name switch
    {
        "sendonly" => SdpDirection.SendOnly,
        "recvonly" => SdpDirection.RecvOnly,
        "inactive" => SdpDirection.Inactive,
        "sendrecv" => SdpDirection.SendRecv,
        _ => _direction,
    };

    // 96 VP8/90000 or 111 opus/48000/2
    private bool TryRtpMap(ReadOnlySpan<char> value)
    {
        SdpAttribute.Cut(value, ' ', out _, out ReadOnlySpan<char> encoding);
        string[] parts = encoding.ToString().Split('/');
        if (parts.Length < 2 || !int.TryParse(parts[1], out int clockRate) || clockRate <= 0)
        {
            return false;
        }

        int channels = parts.Length > 2 && int.TryParse(parts[2], out int named) ? named : 1;
        return TryCodec(value, (codec, _) => codec with { Name = parts[0], ClockRate = clockRate, Channels = channels });
    }

    private bool TryFeedback(ReadOnlySpan<char> value)
    {
        if (!value.StartsWith("* "))
        {
            return TryCodec(value, static (codec, feedback) => codec with { Feedback = [.. codec.Feedback, feedback] });
        }

        string feedback = value[2..].ToString();
        for (int i = 0; i < _codecs.Count; i++)
        {
            _codecs[i] = _codecs[i] with { Feedback = [.. _codecs[i].Feedback, feedback] };
        }

        return true;
    }

    // "PT rest"; a payload type that the m-line does not name is nothing to us.
    private bool TryCodec(ReadOnlySpan<char> value, Func<SdpCodec, string, SdpCodec> change)
    {
        SdpAttribute.Cut(value, ' ', out ReadOnlySpan<char> number, out ReadOnlySpan<char> rest);
        if (!byte.TryParse(number, out byte payloadType))
        {
            return false;
        }

        int at = _codecs.FindIndex(codec => codec.PayloadType == payloadType);
        if (at >= 0)
        {
            _codecs[at] = change(_codecs[at], rest.ToString());
        }

        return true;
    }

    // "3 uri" or "3/sendonly uri attributes"
    private bool TryExtension(ReadOnlySpan<char> value)
    {
        SdpAttribute.Cut(value, ' ', out ReadOnlySpan<char> number, out ReadOnlySpan<char> rest);
        SdpAttribute.Cut(number, '/', out number, out _);
        SdpAttribute.Cut(rest, ' ', out ReadOnlySpan<char> uri, out _);
        if (!byte.TryParse(number, out byte id) || uri.IsEmpty)
        {
            return false;
        }

        _extensions.Add(new SdpExtension(id, uri.ToString()));
        return true;
    }

    // "SSRC attribute:value"
    private bool TrySource(ReadOnlySpan<char> value)
    {
        SdpAttribute.Cut(value, ' ', out ReadOnlySpan<char> number, out ReadOnlySpan<char> rest);
        if (!uint.TryParse(number, out uint ssrc))
        {
            return false;
        }

        if (!_ssrcs.Contains(ssrc))
        {
            _ssrcs.Add(ssrc);
        }

        if (_cname.Length == 0 && rest.StartsWith("cname:"))
        {
            _cname = rest["cname:".Length..].ToString();
        }

        return true;
    }

    // "FID media repair"; other semantics are passed over.
    private bool TryGroup(ReadOnlySpan<char> value)
    {
        string[] parts = value.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not ["FID", string media, string repair])
        {
            return true;
        }

        if (!uint.TryParse(media, out uint mediaSsrc) || !uint.TryParse(repair, out uint repairSsrc))
        {
            return false;
        }

        _repairGroups.Add((mediaSsrc, repairSsrc));
        return true;
    }
}
