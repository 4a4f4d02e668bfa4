using Crosspoint.Rtc.Ice;
using Crosspoint.Rtc.Peer;

namespace Crosspoint.Workers;

/// <summary>What a worker counts: its own counters, how busy it is, and what closed transports and tracks had counted.</summary>
/// <remarks>Written by one worker thread, except <see cref="CountTcpOverflow"/>.</remarks>
internal sealed class WorkerMeters
{
    /// <summary>The counters; a field, so that parts count in place.</summary>
    public WorkerCounters Counters;

    /// <summary>What closed tracks and transports counted; a field for the same reason.</summary>
    public MediaTotals ClosedMedia;

    private PeerDropCounters _peerDrops;
    private IceDropCounters _iceDrops;
    private TimeSpan _busy;
    private long _tcpOverflows;

    /// <summary>The longest turn of this interval.</summary>
    public TimeSpan LongestTurn { get; private set; }

    /// <summary>Frames of TCP peers that sent faster than the worker reads. Any thread.</summary>
    public long TcpOverflows => Interlocked.Read(ref _tcpOverflows);

    /// <summary>A TCP peer sent faster than the worker reads. Any thread.</summary>
    public void CountTcpOverflow() => Interlocked.Increment(ref _tcpOverflows);

    /// <summary>A turn ended: everything since the last wait.</summary>
    public void CountTurn(TimeSpan time)
    {
        Counters.Turns++;
        _busy += time;
        LongestTurn = time > LongestTurn ? time : LongestTurn;
    }

    /// <summary>Share of the interval, so many ticks long, that was not spent waiting; 0 to 1.</summary>
    public double BusyRatio(long ticks) => ticks <= 0 ? 0 : Math.Clamp(_busy.Ticks / (double)ticks, 0, 1);

    /// <summary>What is measured by interval begins anew.</summary>
    public void BeginInterval()
    {
        _busy = TimeSpan.Zero;
        LongestTurn = TimeSpan.Zero;
    }

    /// <summary>Keeps what a transport dropped beyond its end.</summary>
    public void Keep(WebRtcTransport transport) => Add(transport, ref _peerDrops, ref _iceDrops);

    /// <summary>Closed transports and these together.</summary>
    public TransportTotals Sum(IEnumerable<WebRtcTransport> living)
    {
        (PeerDropCounters peers, IceDropCounters ice) = (_peerDrops, _iceDrops);
        int[] states = new int[(int)PeerState.Closed + 1];
        foreach (WebRtcTransport transport in living)
        {
            Add(transport, ref peers, ref ice);
            states[(int)transport.Session.State]++;
        }

        return new TransportTotals(peers, ice, states);
    }

    private static void Add(WebRtcTransport transport, ref PeerDropCounters peers, ref IceDropCounters ice)
    {
        peers.AddAll(transport.Session.Statistics.Drops);
        ice.AddAll(transport.Session.Ice.Statistics.Drops);
    }
}
