using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Rtc.Fec;

/// <summary>
/// The running parity of a group of packets in one block: each packet is folded in whole when it passes, so none has to be kept.
/// </summary>
/// <remarks>One owner: the encoder. Bytes of the block behind <see cref="_reached"/> have not been cleared.</remarks>
internal struct FecGroup
{
    private const int NoBlock = 0;

    private int _blockPlusOne;
    private int _reached;
    private ushort _length;

    /// <summary>True once a packet has been folded in.</summary>
    public readonly bool IsOpen => _blockPlusOne != NoBlock;

    /// <summary>Its first packet.</summary>
    public SequenceNumber Base { get; private set; }

    /// <summary>When that was sent.</summary>
    public Instant Since { get; private set; }

    /// <summary>Which packets are in it.</summary>
    public FecMask Mask { get; private set; }

    /// <summary>Begins with a block of the pool; false when there is none.</summary>
    public bool TryOpen(Instant now, SequenceNumber first, PacketBlockPool pool)
    {
        if (!pool.TryRent(out int block))
        {
            return false;
        }

        _blockPlusOne = block + 1;
        _reached = 0;
        _length = 0;
        Base = first;
        Since = now;
        Mask = default;
        return true;
    }

    /// <summary>Folds a packet in that lies <paramref name="offset"/> behind the base and fits a block.</summary>
    public void Fold(int offset, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PacketBlockPool pool, FecMutableExtensions mutable)
    {
        Span<byte> parity = pool.Get(_blockPlusOne - 1);
        int length = header.Length + prefix.Length + payload.Length;
        if (length > _reached)
        {
            parity[_reached..length].Clear();
            _reached = length;
        }

        FecParity.Fold(parity, header);
        mutable.TakeOut(parity, header);
        FecParity.Fold(parity[header.Length..], prefix);
        FecParity.Fold(parity[(header.Length + prefix.Length)..], payload);
        _length ^= (ushort)(length - RtpPacket.FixedHeaderLength);
        Mask = Mask.With(offset);
    }

    /// <summary>The repair packet's payload; 0 when it does not fit. The group is closed by <see cref="Close"/>.</summary>
    public readonly int Write(Ssrc source, Span<byte> into, PacketBlockPool pool)
    {
        ReadOnlySpan<byte> parity = pool.Get(_blockPlusOne - 1)[.._reached];
        int headerLength = FlexFecHeader.LengthFor(Mask.Span);
        ReadOnlySpan<byte> rest = parity[RtpPacket.FixedHeaderLength..];
        if (headerLength + rest.Length > into.Length)
        {
            return 0;
        }

        ushort firstBytes = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(parity);
        uint timestamp = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(parity[4..]);
        new FlexFecHeader(firstBytes, _length, timestamp, source, Base, Mask).Write(into);
        rest.CopyTo(into[headerLength..]);
        return headerLength + rest.Length;
    }

    /// <summary>Gives the block back.</summary>
    public void Close(PacketBlockPool pool)
    {
        if (IsOpen)
        {
            pool.Return(_blockPlusOne - 1);
            this = default;
        }
    }
}
