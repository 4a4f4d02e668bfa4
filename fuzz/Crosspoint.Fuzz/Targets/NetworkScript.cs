using Crosspoint.Primitives;

namespace Crosspoint.Fuzz.Targets;

/// <summary>One side of a session under a script.</summary>
internal interface INetworkEnd
{
    void Handle(Instant now, Span<byte> datagram);

    bool TryTransmit(Instant now, Span<byte> into, out int length);

    void HandleTimeout(Instant now);

    /// <summary>Sends something of its own; returns the length of what is in <paramref name="into"/>, 0 when it queued it itself or could not.</summary>
    int Speak(Instant now, int choice, Span<byte> into);

    void Restart(Instant now);

    void Close(Instant now);
}

/// <summary>
/// Reads bytes as what a hostile network does between two ends: deliver, damage, drop, repeat, reorder, inject, let time pass.
/// No datagram may cause more than 64 KiB of allocation.
/// </summary>
internal sealed class NetworkScript(INetworkEnd left, INetworkEnd right)
{
    private const int MaxSteps = 200;
    private const int MaxQueued = 64;
    private const int MaxHistory = 64;
    private const long MaxAllocated = 64 << 10;

    private readonly INetworkEnd[] _ends = [left, right];
    private readonly List<byte[]>[] _queues = [[], []]; // towards left, towards right
    private readonly List<byte[]> _history = [];
    private readonly byte[] _out = new byte[4096];
    private Instant _now = Instant.FromMilliseconds(1000);

    /// <summary>False in the first run of a process: what is made once for all sessions is not the datagram's doing.</summary>
    public bool JudgesAllocation { get; init; } = true;

    // | bit 7 towards which end | bits 0-3 what | operands … |
    public static IEnumerable<byte[]> Seeds() =>
    [
        [11, 11, 11, 11],
        [11, 13, 3, 11, 0x8D, 9, 11, 10, 0, 0x8A, 1, 11, 13, 20, 11],
        [4, 9, 20, 11, 9, 60, 11, 0x84, 9, 60, 11, 11],
        [7, 30, 1, 0, 0x80, 0x87, 60, 255, 0x80, 9, 30, 11, 11],
        [6, 0x86, 5, 0x85, 0, 0, 0x80, 0x80, 8, 10, 0, 11, 9, 100, 11],
        [11, 12, 8, 22, 254, 253, 0, 1, 2, 3, 4, 0, 0x8C, 4, 0, 1, 0, 0, 0x80, 13, 1, 11],
        [11, 11, 14, 11, 9, 10, 11, 9, 100, 11, 13, 5, 11, 15, 11],
    ];

    public void Run(ReadOnlySpan<byte> script)
    {
        Collect();
        for (int i = 0; i < MaxSteps && !script.IsEmpty; i++)
        {
            byte op = script[0];
            script = script[1..];
            int to = op >> 7;
            Step(op & 15, to, ref script);
            Collect();
        }
    }

    private static byte Take(ref ReadOnlySpan<byte> script)
    {
        byte b = script.IsEmpty ? (byte)0 : script[0];
        script = script.IsEmpty ? script : script[1..];
        return b;
    }

    private void Step(int what, int to, ref ReadOnlySpan<byte> script)
    {
        List<byte[]> queue = _queues[to];
        switch (what)
        {
            case 4 when queue.Count > 0:
                queue.RemoveAt(0);
                break;
            case 5 when queue.Count > 0:
                queue.Add([.. queue[0]]);
                break;
            case 6 when queue.Count > 1:
                (queue[0], queue[1]) = (queue[1], queue[0]);
                break;
            case 7 when queue.Count > 0 && queue[0].Length > 0:
                queue[0][Take(ref script) * 4 % queue[0].Length] ^= Take(ref script);
                break;
            case 8 when queue.Count > 0:
                queue[0] = queue[0][..Math.Max(0, queue[0].Length - Take(ref script))];
                break;
            case 9:
                Pass(Take(ref script));
                break;
            case 10 when _history.Count > 0:
                queue.Add([.. _history[Take(ref script) % _history.Count]]);
                break;
            case 11:
                Pump();
                break;
            case 12:
                int length = Math.Min(Take(ref script), script.Length);
                queue.Insert(0, script[..length].ToArray());
                script = script[length..];
                break;
            case 13:
                int spoken = _ends[1 - to].Speak(_now, Take(ref script), _out);
                if (spoken > 0)
                {
                    queue.Add(_out[..spoken]);
                }

                break;
            case 14:
                _ends[to].Restart(_now);
                break;
            case 15:
                _ends[to].Close(_now);
                break;
            default:
                Deliver(to);
                break;
        }
    }

    private void Pass(byte amount)
    {
        // Up to 30 s; small steps are the likely ones.
        _now += TimeSpan.FromMilliseconds(amount < 200 ? amount * 5 : (amount - 199) * 500);
        _ends[0].HandleTimeout(_now);
        _ends[1].HandleTimeout(_now);
    }

    private void Pump()
    {
        for (int i = 0; i < 100 && (_queues[0].Count > 0 || _queues[1].Count > 0); i++)
        {
            Deliver(i & 1);
            Collect();
        }

        Pass(10);
    }

    private void Deliver(int to)
    {
        if (_queues[to].Count == 0)
        {
            return;
        }

        byte[] datagram = _queues[to][0];
        _queues[to].RemoveAt(0);
        if (_history.Count < MaxHistory)
        {
            _history.Add([.. datagram]);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        _ends[to].Handle(_now, datagram);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (JudgesAllocation && allocated > MaxAllocated)
        {
            throw new InvalidOperationException($"A datagram of {datagram.Length} bytes caused {allocated} bytes of allocation.");
        }
    }

    private void Collect()
    {
        for (int from = 0; from < 2; from++)
        {
            for (int i = 0; _ends[from].TryTransmit(_now, _out, out int length); i++)
            {
                if (_queues[1 - from].Count < MaxQueued && length > 0)
                {
                    _queues[1 - from].Add(_out[..length]);
                }

                if (i > 1000)
                {
                    throw new InvalidOperationException("It never stops sending.");
                }
            }
        }
    }
}
