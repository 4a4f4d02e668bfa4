namespace Crosspoint.Sim.World;

/// <summary>What a packet on a link is for, told by who sent it, for the books and for nobody's decisions.</summary>
internal enum PacketPurpose : byte
{
    /// <summary>Audio.</summary>
    Audio,

    /// <summary>Video, for the first time.</summary>
    Video,

    /// <summary>A packet that was asked for again.</summary>
    Resend,

    /// <summary>Forward error correction.</summary>
    Fec,

    /// <summary>Nothing anybody needs: a probe.</summary>
    Padding,

    /// <summary>RTCP.</summary>
    Control,
}

/// <summary>A datagram under way: its bytes in plaintext, and its size as it would be with SRTP, UDP and IP.</summary>
internal sealed class SimPacket
{
    /// <summary>UDP 8, IPv4 20, tag of AEAD_AES_128_GCM 16 (RFC 7714).</summary>
    public const int RtpOverhead = 44;

    /// <summary>The same, and the index of SRTCP.</summary>
    public const int RtcpOverhead = 48;

    /// <summary>Room for it.</summary>
    public byte[] Buffer { get; } = new byte[1600];

    /// <summary>How much of the room is the packet.</summary>
    public int Length { get; set; }

    /// <summary>What it is for.</summary>
    public PacketPurpose Purpose { get; set; }

    /// <summary>Whose way it goes.</summary>
    public Way? Way { get; set; }

    /// <summary>The packet.</summary>
    public Span<byte> Bytes => Buffer.AsSpan(0, Length);

    /// <summary>Bytes on the wire.</summary>
    public int WireLength => Length + (Purpose == PacketPurpose.Control ? RtcpOverhead : RtpOverhead);
}

/// <summary>Packets to be used again, so that a long simulation does not spend its time collecting them.</summary>
internal sealed class PacketPool
{
    private readonly Stack<SimPacket> _free = new();

    /// <summary>An empty one.</summary>
    public SimPacket Rent(PacketPurpose purpose)
    {
        SimPacket packet = _free.Count > 0 ? _free.Pop() : new SimPacket();
        packet.Length = 0;
        packet.Purpose = purpose;
        return packet;
    }

    /// <summary>Nobody looks at it any more.</summary>
    public void Return(SimPacket packet) => _free.Push(packet);
}
