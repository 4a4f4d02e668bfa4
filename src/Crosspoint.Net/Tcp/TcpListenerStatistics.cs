namespace Crosspoint.Net.Tcp;

/// <summary>Counters of a <see cref="TcpListenerHost"/>, copied at one moment.</summary>
public readonly struct TcpListenerStatistics
{
    private readonly long[]? _closed;

    internal TcpListenerStatistics(long accepted, long acceptErrors, int open, long[] closed)
    {
        Accepted = accepted;
        AcceptErrors = acceptErrors;
        Open = open;
        _closed = closed;
    }

    /// <summary>Connections accepted from the kernel, those refused by a limit included.</summary>
    public long Accepted { get; }

    /// <summary>Accepts that failed (too many open files, for example); the host goes on after a moment.</summary>
    public long AcceptErrors { get; }

    /// <summary>Connections open now.</summary>
    public int Open { get; }

    /// <summary>Connections that ended for <paramref name="reason"/>.</summary>
    public long Closed(TcpCloseReason reason) => _closed is null ? 0 : _closed[(int)reason];
}
