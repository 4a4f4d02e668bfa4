namespace Crosspoint.Load.Engine;

/// <summary>Counts one received stream: what came, what is missing, what came twice or late. Exact within 64 packets of the newest.</summary>
internal struct SequenceTracker
{
    private const int Window = 64;

    private bool _hasBegun;
    private long _first;
    private ulong _seen;

    /// <summary>The newest number, unwrapped: cycles above the low 16 bits.</summary>
    public long Highest { get; private set; }

    /// <summary>Packets that came, each counted once.</summary>
    public long Received { get; private set; }

    /// <summary>Packets that came again, or too late to know.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Packets that came after a later one.</summary>
    public long Reordered { get; private set; }

    /// <summary>From the first number to the newest.</summary>
    public readonly long Expected => _hasBegun ? Highest - _first + 1 : 0;

    /// <summary>Expected and never seen.</summary>
    public readonly long Lost => Expected - Received;

    /// <summary>Takes the number of a packet.</summary>
    public void Add(ushort sequence)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _first = Highest = sequence;
            _seen = 1;
            Received = 1;
            return;
        }

        short ahead = (short)(sequence - (ushort)Highest);
        if (ahead == 1)
        {
            Highest++;
            _seen = (_seen << 1) | 1;
            Received++;
        }
        else if (ahead > 1)
        {
            Highest += ahead;
            _seen = ahead < Window ? (_seen << ahead) | 1 : 1;
            Received++;
        }
        else
        {
            AddLate(-ahead);
        }
    }

    private void AddLate(int behind)
    {
        ulong bit = behind < Window ? 1UL << behind : 0;
        if (bit == 0 || (_seen & bit) != 0)
        {
            Duplicates++;
            return;
        }

        _seen |= bit;
        Reordered++;
        Received++;
        if (Highest - behind < _first)
        {
            _first = Highest - behind;
        }
    }
}
