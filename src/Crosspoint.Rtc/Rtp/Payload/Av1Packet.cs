namespace Crosspoint.Rtc.Rtp.Payload;

/// <summary>AV1 payloads (RTP Payload Format For AV1 §4.4): the aggregation header and the OBU elements behind it.</summary>
/// <remarks>
/// <code>
/// |Z|Y| W |N|-|-|-|   then elements, each | length (leb128) | OBU |, the last without length when W counts them
/// OBU: |F| type (4) |X|S|-|   X: | TID (3) | SID (2) |---|
/// </code>
/// </remarks>
public readonly record struct Av1Packet
{
    private const int SequenceHeader = 1;
    private const int TemporalDelimiter = 2;
    private const int FrameHeader = 3;
    private const int Metadata = 5;
    private const int Frame = 6;

    /// <summary>Z: the first element continues an OBU of the packet before.</summary>
    public bool IsContinuation { get; private init; }

    /// <summary>Y: the last element continues in the next packet.</summary>
    public bool IsContinued { get; private init; }

    /// <summary>N: a coded video sequence begins here.</summary>
    public bool IsNewSequence { get; private init; }

    /// <summary>Elements in the packet, at least 1.</summary>
    public int ElementCount { get; private init; }

    /// <summary>Type of the first OBU that begins in this packet; 0 when none does.</summary>
    public byte FirstObuType { get; private init; }

    /// <summary>True when a sequence header begins in this packet.</summary>
    public bool HasSequenceHeader { get; private init; }

    /// <summary>True when an OBU with layer ids begins in this packet.</summary>
    public bool HasLayers { get; private init; }

    /// <summary>The spatial layer of the first OBU with an extension.</summary>
    public byte SpatialLayer { get; private init; }

    /// <summary>The temporal layer of the first OBU with an extension.</summary>
    public byte TemporalLayer { get; private init; }

    /// <summary>Reads a payload; false when elements run over its end or W contradicts them.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Av1Packet packet)
    {
        packet = default;
        if (payload.Length < 2)
        {
            return false;
        }

        byte head = payload[0];
        int announced = (head >> 4) & 3;
        Av1Packet read = new() { IsContinuation = (head & 0x80) != 0, IsContinued = (head & 0x40) != 0, IsNewSequence = (head & 0x08) != 0 };

        // §4.4: N is for the first packet of a sequence, which continues nothing.
        bool sound = !(read.IsContinuation && read.IsNewSequence);
        bool layered = false;
        ReadOnlySpan<byte> rest = payload[1..];
        int count = 0;
        while (sound && !rest.IsEmpty && (announced == 0 || count < announced))
        {
            count++;
            sound = TryTakeElement(ref rest, count == announced, out ReadOnlySpan<byte> element);
            if (sound && !(count == 1 && read.IsContinuation))
            {
                Note(element, ref read, ref layered);
            }
        }

        sound = sound && rest.IsEmpty && (announced == 0 || count == announced);
        packet = sound ? read with { ElementCount = count } : default;
        return sound;
    }

    /// <summary>The facts of a payload as far as it tells them; the dependency descriptor tells more.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, bool marker, out PayloadFacts facts)
    {
        bool sound = TryRead(payload, out Av1Packet packet);
        bool start = !packet.IsContinuation && packet.FirstObuType is SequenceHeader or TemporalDelimiter or FrameHeader or Metadata or Frame;
        facts = sound
            ? new PayloadFacts(
                PayloadFacts.When(packet.IsNewSequence, PayloadFlags.KeyFrame | PayloadFlags.SwitchingPoint)
                    | PayloadFacts.When(start, PayloadFlags.StartOfFrame)
                    | PayloadFacts.When(marker, PayloadFlags.EndOfFrame),
                packet.SpatialLayer,
                packet.TemporalLayer)
            : default;
        return sound;
    }

    private static bool TryTakeElement(ref ReadOnlySpan<byte> rest, bool isLast, out ReadOnlySpan<byte> element)
    {
        int length = rest.Length;
        if (!isLast && !TryReadLength(ref rest, out length))
        {
            element = default;
            return false;
        }

        bool fits = length <= rest.Length;
        element = fits ? rest[..length] : default;
        rest = fits ? rest[length..] : rest;
        return fits;
    }

    // AV1 §4.10.5, leb128; five bytes hold any length that a packet can have.
    private static bool TryReadLength(ref ReadOnlySpan<byte> rest, out int length)
    {
        long value = 0;
        length = 0;
        for (int i = 0; i < 5 && i < rest.Length; i++)
        {
            value |= (long)(rest[i] & 0x7F) << (7 * i);
            if ((rest[i] & 0x80) == 0)
            {
                rest = rest[(i + 1)..];
                length = (int)Math.Min(value, int.MaxValue);
                return true;
            }
        }

        return false;
    }

    private static void Note(ReadOnlySpan<byte> obu, ref Av1Packet read, ref bool layered)
    {
        if (obu.IsEmpty)
        {
            return;
        }

        byte type = (byte)((obu[0] >> 3) & 0x0F);
        read = read with
        {
            FirstObuType = read.FirstObuType == 0 ? type : read.FirstObuType,
            HasSequenceHeader = read.HasSequenceHeader || type == SequenceHeader,
        };
        if (!layered && (obu[0] & 4) != 0 && obu.Length > 1)
        {
            layered = true;
            read = read with { HasLayers = true, TemporalLayer = (byte)(obu[1] >> 5), SpatialLayer = (byte)((obu[1] >> 3) & 3) };
        }
    }
}
