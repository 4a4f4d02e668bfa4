namespace Crosspoint.Rtc.Streams;

/// <summary>
/// Blocks of one size for packets that must be kept, cut from pinned slabs: the collector never moves or scans them.
/// One pool serves all streams of a worker.
/// </summary>
/// <remarks>One owner thread; no lock. Slabs are added up to the bound and never given back.</remarks>
public sealed class PacketBlockPool
{
    /// <summary>
    /// Bytes of a block: an Ethernet frame's worth of RTP with an OSN in the middle.
    /// </summary>
    public const int BlockLength = 1536;

    private const int BlocksPerSlab = 128;

    private readonly int _maxBlocks;

    private readonly List<byte[]> _slabs = [];

    private int[] _free = [];
    private int _freeCount;

    /// <summary>Begins without memory.</summary>
    /// <param name="maxBlocks">The most blocks that are ever made; 65,536 by default, 96 MiB. Beyond it nothing is stored and NACKs go unanswered.</param>
    public PacketBlockPool(int maxBlocks = 65_536)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBlocks, 1);
        _maxBlocks = maxBlocks;
    }

    /// <summary>Blocks made so far.</summary>
    public int Allocated { get; private set; }

    /// <summary>Blocks that are out.</summary>
    public int InUse => Allocated - _freeCount;

    /// <summary>Takes a block; false when the bound is reached.</summary>
    public bool TryRent(out int block)
    {
        if (_freeCount == 0 && !TryGrow())
        {
            block = -1;
            return false;
        }

        block = _free[--_freeCount];
        return true;
    }

    /// <summary>The bytes of a block that is out.</summary>
    public Span<byte> Get(int block) => _slabs[block / BlocksPerSlab].AsSpan(block % BlocksPerSlab * BlockLength, BlockLength);

    /// <summary>Gives a block back; once per <see cref="TryRent"/>.</summary>
    public void Return(int block)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)Allocated, nameof(block));
        if (_freeCount == Allocated)
        {
            throw new InvalidOperationException("A block was returned twice.");
        }

        _free[_freeCount++] = block;
    }

    private bool TryGrow()
    {
        int count = Math.Min(BlocksPerSlab, _maxBlocks - Allocated);
        if (count <= 0)
        {
            return false;
        }

        _slabs.Add(GC.AllocateUninitializedArray<byte>(count * BlockLength, pinned: true));
        Array.Resize(ref _free, Allocated + count);
        for (int i = count - 1; i >= 0; i--)
        {
            _free[_freeCount++] = Allocated + i;
        }

        Allocated += count;
        return true;
    }
}
