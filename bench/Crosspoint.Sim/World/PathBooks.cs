namespace Crosspoint.Sim.World;

/// <summary>Bytes on the wire by purpose, as sent and as arrived.</summary>
internal sealed class PathBooks
{
    private readonly long[] _sent = new long[6];
    private readonly long[] _arrived = new long[6];

    /// <summary>Packets that found the queue full.</summary>
    public long Refused { get; set; }

    /// <summary>Bytes sent for a purpose.</summary>
    public long Sent(PacketPurpose purpose) => _sent[(int)purpose];

    /// <summary>Bytes that arrived for a purpose.</summary>
    public long Arrived(PacketPurpose purpose) => _arrived[(int)purpose];

    /// <summary>Everything that was sent.</summary>
    public long SentBytes => _sent.Sum();

    /// <summary>Audio and video for the first time, as sent.</summary>
    public long MediaBytes => Sent(PacketPurpose.Audio) + Sent(PacketPurpose.Video);

    /// <summary>Everything else but RTCP, as sent.</summary>
    public long OverheadBytes => Sent(PacketPurpose.Resend) + Sent(PacketPurpose.Fec) + Sent(PacketPurpose.Padding);

    /// <summary>Audio, video and repairs that arrived: what the receiver can make something of.</summary>
    public long UsefulBytes => Arrived(PacketPurpose.Audio) + Arrived(PacketPurpose.Video) + Arrived(PacketPurpose.Resend) + Arrived(PacketPurpose.Fec);

    public void Add(SimPacket packet) => _sent[(int)packet.Purpose] += packet.WireLength;

    public void AddArrived(SimPacket packet) => _arrived[(int)packet.Purpose] += packet.WireLength;
}
