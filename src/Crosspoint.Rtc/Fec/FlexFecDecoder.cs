using System.Buffers.Binary;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;

namespace Crosspoint.Rtc.Fec;

/// <summary>
/// Recovers lost packets of one stream from FlexFEC-03 repair packets: whenever of those that a repair packet protects just one is missing,
/// it is what remains of the parity. What is recovered helps other repair packets in turn.
/// </summary>
/// <remarks>
/// One owner: the thread of the pool. Memory is bounded by the options; dispose gives the blocks back.
/// After <see cref="HandleMedia"/> and <see cref="HandleRepair"/>, drain <see cref="TryTake"/>.
/// </remarks>
public sealed class FlexFecDecoder : IDisposable
{
    private readonly Ssrc _source;
    private readonly PacketBlockPool _pool;
    private readonly FecMutableExtensions _mutable;

    private readonly FecPacketWindow _media;
    private readonly Repair[] _repairs;

    private int _repairCount;
    private long _taken;
    private long _recovered;
    private long _unneeded;
    private long _expired;
    private long _implausible;

    /// <summary>Begins without packets.</summary>
    /// <param name="source">The stream that is protected.</param>
    /// <param name="pool">Where blocks come from.</param>
    /// <param name="mutable">Header extensions that are filled after a packet was protected.</param>
    /// <param name="options">How much is remembered.</param>
    public FlexFecDecoder(Ssrc source, PacketBlockPool pool, FecMutableExtensions mutable, FlexFecDecoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(mutable);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRepairs, 1, nameof(options));
        _source = source;
        _pool = pool;
        _mutable = mutable;
        _media = new FecPacketWindow(pool, options.MaxMedia);
        _repairs = new Repair[options.MaxRepairs];
    }

    /// <summary>A snapshot.</summary>
    public FlexFecStatistics GetStatistics() => new(_taken, _recovered, _unneeded, _expired, _implausible);

    /// <summary>Notes a media packet, padding included, as it came or as RTX repaired it.</summary>
    public void HandleMedia(ReadOnlySpan<byte> packet)
    {
        if (!RtpPacket.TryParseHeader(packet, out RtpPacket header) || header.Ssrc != _source || !_media.TryAdd(header.SequenceNumber, packet, isNew: false, out Span<byte> stored))
        {
            return;
        }

        _mutable.Clear(stored);
        Recover();
    }

    /// <summary>Takes the payload of a repair packet.</summary>
    public FlexFecDropReason HandleRepair(ReadOnlySpan<byte> payload)
    {
        FlexFecDropReason reason = Check(payload, out FlexFecHeader header);
        if (reason != FlexFecDropReason.None)
        {
            return reason;
        }

        if (_repairCount == _repairs.Length)
        {
            Forget(0);
            _expired++;
        }

        if (!_pool.TryRent(out int block))
        {
            return FlexFecDropReason.PoolExhausted;
        }

        ReadOnlySpan<byte> parity = payload[FlexFecHeader.MeasureParsed(payload)..];
        parity.CopyTo(_pool.Get(block));
        _repairs[_repairCount++] = new Repair(header, block, parity.Length);
        _taken++;
        Recover();
        return FlexFecDropReason.None;
    }

    /// <summary>Copies out a recovered packet; false when there is none. One that does not fit is left out.</summary>
    public bool TryTake(Span<byte> into, out int length) => _media.TryTakeNew(into, out length);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_repairCount > 0)
        {
            Forget(_repairCount - 1);
        }

        _media.Clear();
    }

    private FlexFecDropReason Check(ReadOnlySpan<byte> payload, out FlexFecHeader header)
    {
        if (!FlexFecHeader.TryParse(payload, out header, out FlexFecDropReason reason))
        {
            return reason;
        }

        if (header.Protected != _source)
        {
            return FlexFecDropReason.UnknownSource;
        }

        // What it protects must be what we may still have: otherwise it would wait for nothing.
        if (payload.Length > PacketBlockPool.BlockLength || !_media.MayHold(header.Base, header.Mask.Span))
        {
            return FlexFecDropReason.OutOfWindow;
        }

        for (int i = 0; i < _repairCount; i++)
        {
            if (_repairs[i].Header.Base == header.Base && _repairs[i].Header.Mask == header.Mask)
            {
                return FlexFecDropReason.Duplicate;
            }
        }

        return FlexFecDropReason.None;
    }

    // Each success may make another possible; each pass that goes on has used one repair packet up, so it ends.
    private void Recover()
    {
        for (int i = 0; i < _repairCount;)
        {
            i = TryUse(i) ? 0 : i + 1;
        }
    }

    /// <summary>True when a packet was recovered. A repair packet that is used up or useless is forgotten.</summary>
    private bool TryUse(int index)
    {
        Repair repair = _repairs[index];
        int missing = 0;
        int offset = 0;
        for (FecMask rest = repair.Header.Mask; FecMask.TryTakeFirst(ref rest, out int at) && missing < 2;)
        {
            if (!_media.Has(repair.Header.Base + at))
            {
                missing++;
                offset = at;
            }
        }

        bool recovered = missing == 1 && TryRebuild(repair, offset);
        if (missing < 2)
        {
            _unneeded += missing == 0 ? 1 : 0;
            _implausible += missing == 1 && !recovered ? 1 : 0;
            Forget(index);
            return recovered || TryUseAgain(index);
        }

        if (!_media.MayHold(repair.Header.Base, repair.Header.Mask.Span))
        {
            Forget(index);
            _expired++;
            return TryUseAgain(index);
        }

        return false;
    }

    // What stood behind a forgotten one has taken its place.
    private bool TryUseAgain(int index) => index < _repairCount && TryUse(index);

    private bool TryRebuild(in Repair repair, int offset)
    {
        SequenceNumber missing = repair.Header.Base + offset;
        Span<byte> packet = stackalloc byte[PacketBlockPool.BlockLength];
        packet.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet, repair.Header.FirstBytes);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], repair.Header.Timestamp);
        _pool.Get(repair.Block)[..Math.Min(repair.Length, packet.Length - RtpPacket.FixedHeaderLength)].CopyTo(packet[RtpPacket.FixedHeaderLength..]);
        int length = repair.Header.Length;
        for (FecMask rest = repair.Header.Mask; FecMask.TryTakeFirst(ref rest, out int at);)
        {
            if (at != offset)
            {
                ReadOnlySpan<byte> other = _media.Get(repair.Header.Base + at);
                FecParity.Fold(packet, other);
                length ^= other.Length - RtpPacket.FixedHeaderLength;
            }
        }

        return Complete(packet, missing, length, repair.Length);
    }

    private bool Complete(Span<byte> packet, SequenceNumber sequence, int length, int parityLength)
    {
        if (length > parityLength || length + RtpPacket.FixedHeaderLength > packet.Length)
        {
            return false;
        }

        packet = packet[..(length + RtpPacket.FixedHeaderLength)];
        packet[0] = (byte)(0x80 | (packet[0] & 0x3F));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequence.Value);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], _source.Value);
        if (!RtpPacket.TryParse(packet, out _) || !_media.TryAdd(sequence, packet, isNew: true, out Span<byte> stored))
        {
            return false;
        }

        _mutable.Clear(stored);
        _recovered++;
        return true;
    }

    private void Forget(int index)
    {
        _pool.Return(_repairs[index].Block);
        _repairs.AsSpan((index + 1).._repairCount).CopyTo(_repairs.AsSpan(index));
        _repairCount--;
    }

    private readonly record struct Repair(FlexFecHeader Header, int Block, int Length);
}
