using System.Buffers.Binary;

namespace Crosspoint.Sim.World;

/// <summary>
/// The truth about a packet, in the last bytes of its payload, where no rewriting reaches it: what it is of, so that the simulation can
/// tell what a receiver got. No model of a receiver decides by it.
/// </summary>
/// <param name="Source">Which track.</param>
/// <param name="Picture">Running number of the picture at its encoder, all layers of one moment alike.</param>
/// <param name="Spatial">Simulcast encoding or spatial layer.</param>
/// <param name="Temporal">Temporal layer.</param>
/// <param name="IsKey">A keyframe.</param>
internal readonly record struct PacketStamp(ushort Source, int Picture, byte Spatial, byte Temporal, bool IsKey)
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 12;

    private const ushort Magic = 0x57A9;

    public void Write(Span<byte> payload)
    {
        Span<byte> at = payload[^Length..];
        BinaryPrimitives.WriteUInt16BigEndian(at, Magic);
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], Source);
        BinaryPrimitives.WriteInt32BigEndian(at[4..], Picture);
        at[8] = Spatial;
        at[9] = Temporal;
        at[10] = (byte)(IsKey ? 1 : 0);
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out PacketStamp stamp)
    {
        stamp = default;
        if (payload.Length < Length || BinaryPrimitives.ReadUInt16BigEndian(payload[^Length..]) != Magic)
        {
            return false;
        }

        ReadOnlySpan<byte> at = payload[^Length..];
        stamp = new PacketStamp(BinaryPrimitives.ReadUInt16BigEndian(at[2..]), BinaryPrimitives.ReadInt32BigEndian(at[4..]), at[8], at[9], at[10] == 1);
        return true;
    }
}
