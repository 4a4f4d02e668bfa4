using System.Runtime.CompilerServices;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Rtc.Fec;

/// <summary>
/// Makes repair packets for one outgoing stream (FlexFEC-03): packets are folded into the parity of their group as they are sent,
/// neighbours into different groups, and a group that is full becomes one repair packet.
/// </summary>
/// <remarks>
/// One owner: the thread of the pool. It holds at most <see cref="FecProtection.MaxDepth"/> blocks and only while protection is on;
/// dispose gives them back.
/// </remarks>
public sealed class FlexFecEncoder : IDisposable
{
    // A group that takes longer repairs nothing any player still waits for.
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(1);

    private readonly Ssrc _source;
    private readonly PacketBlockPool _pool;
    private readonly FecMutableExtensions _mutable;

    private Groups _groups;
    private FecProtection _protection;
    private int _full = -1;

    /// <summary>Begins without protection.</summary>
    /// <param name="source">The stream that is protected.</param>
    /// <param name="pool">Where blocks come from.</param>
    /// <param name="mutable">Header extensions that are filled after a packet was protected.</param>
    public FlexFecEncoder(Ssrc source, PacketBlockPool pool, FecMutableExtensions mutable)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(mutable);
        _source = source;
        _pool = pool;
        _mutable = mutable;
    }

    /// <summary>How packets are grouped. Another depth forgets the groups that are under way; another size does not.</summary>
    public FecProtection Protection
    {
        get => _protection;
        set
        {
            if (value.IsOn != _protection.IsOn || value.Depth != _protection.Depth)
            {
                Reset();
            }

            _protection = value;
        }
    }

    /// <summary>Packets that went unprotected although protection was on: too long, out of order, or no block was free.</summary>
    public long Unprotected { get; private set; }

    /// <summary>
    /// Folds in a packet that is being sent, given in the parts it is sent in. True when a repair packet is ready;
    /// it is to be fetched by <see cref="Take"/> before the next packet.
    /// </summary>
    public bool Add(Instant now, SequenceNumber sequence, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload)
    {
        if (!_protection.IsOn)
        {
            return false;
        }

        int index = sequence.Value & (_protection.Depth - 1);
        ref FecGroup group = ref _groups[index];
        int length = header.Length + prefix.Length + payload.Length;
        if (header.Length < RtpPacket.FixedHeaderLength || length > PacketBlockPool.BlockLength || !TryPlace(now, ref group, sequence, out int offset))
        {
            Unprotected++;
            return false;
        }

        group.Fold(offset, header, prefix, payload, _pool, _mutable);
        bool isFull = group.Mask.Count >= _protection.GroupSize;
        _full = isFull ? index : -1;
        return isFull;
    }

    /// <summary>Writes the payload of the repair packet that is ready; its length, or 0 when there is none or it does not fit.</summary>
    public int Take(Span<byte> into)
    {
        if (_full < 0)
        {
            return 0;
        }

        ref FecGroup group = ref _groups[_full];
        int length = group.Write(_source, into, _pool);
        group.Close(_pool);
        _full = -1;
        return length;
    }

    /// <summary>Forgets what is under way, as when the stream's numbers begin anew.</summary>
    public void Reset()
    {
        for (int i = 0; i < FecProtection.MaxDepth; i++)
        {
            _groups[i].Close(_pool);
        }

        _full = -1;
    }

    /// <inheritdoc/>
    public void Dispose() => Protection = FecProtection.None;

    // A packet that comes late may still enter the group that passed over it, as long as it lies behind the group's base.
    private bool TryPlace(Instant now, ref FecGroup group, SequenceNumber sequence, out int offset)
    {
        offset = 0;
        if (group.IsOpen)
        {
            offset = SequenceNumber.Distance(group.Base, sequence);
            if (offset < 0 || group.Mask[offset])
            {
                return false;
            }

            if (offset < FecProtection.MaxReach && now - group.Since <= Stale)
            {
                return true;
            }

            group.Close(_pool);
            offset = 0;
        }

        return group.TryOpen(now, sequence, _pool);
    }

    [InlineArray(FecProtection.MaxDepth)]
    private struct Groups
    {
        private FecGroup _first;
    }
}
