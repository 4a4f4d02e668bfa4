using Crosspoint.Rtc;
using Crosspoint.Sim.Encode;

namespace Crosspoint.Sim.Publish;

/// <summary>One RTP stream of a publisher: its numbers, and its last packets for those who ask again.</summary>
internal sealed class SendStream(uint ssrc, uint rtxSsrc, byte[] rid)
{
    private const int Kept = 1024;

    private readonly (ushort Sequence, uint Timestamp, EncodedPart Part)[] _history = new (ushort, uint, EncodedPart)[Kept];

    public uint Ssrc { get; } = ssrc;

    public uint RtxSsrc { get; } = rtxSsrc;

    public byte[] Rid { get; } = rid;

    public ushort NextSequence { get; private set; } = (ushort)(ssrc * 7919);

    public ushort NextRtxSequence { get; set; } = (ushort)(ssrc * 31);

    public uint Packets { get; private set; }

    public uint Octets { get; private set; }

    /// <summary>Numbers a packet and keeps it.</summary>
    public ushort Take(uint timestamp, in EncodedPart part)
    {
        ushort sequence = NextSequence++;
        _history[sequence % Kept] = (sequence, timestamp, part);
        Packets++;
        Octets += (uint)part.Payload.Length;
        return sequence;
    }

    public bool TryFind(SequenceNumber sequence, out uint timestamp, out EncodedPart part)
    {
        (ushort found, timestamp, part) = _history[sequence.Value % Kept];
        return found == sequence.Value && part.Payload is not null;
    }
}
