using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>What the packets of the last probes tell of the link: the rate at which they left against the rate at which they came.</summary>
/// <remarks>One owner. A few probes are remembered; more are never under way.</remarks>
internal struct ProbeResults
{
    private const int Remembered = 4;
    private const double EnoughShare = 0.8; // of packets and bytes, so that a lost packet does not spoil the probe
    private const double FullShare = 0.9;   // arriving longer than this much of it explains: the link was full
    private const double BackToBack = 0.95; // of the arriving rate, when the link was full: leave it room

    // Arrivals are told in steps of 250 µs, and a pacer ticks by the millisecond.
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(1);

    // A first packet that came later than this, and later than is usual here, was held up by something that is no link: a receiver that stood
    // still and then took everything at once, which looks as fast as anything can be.
    private static readonly TimeSpan HeldUp = TimeSpan.FromMilliseconds(10);
    private const int UsualTimes = 3;

    private Clusters _clusters;

    /// <summary>Begins to wait for the packets of a probe.</summary>
    public void Begin(in Probe probe) => _clusters[probe.Id % Remembered] = new Cluster { Probe = probe };

    /// <summary>Takes a packet of a probe that arrived; true when the probe has told enough.</summary>
    /// <param name="report">The packet.</param>
    /// <param name="wait">How long it took beyond the least; none while that is unknown.</param>
    /// <param name="usual">How long packets take beyond the least in the mean.</param>
    /// <param name="found">What the link carries; zero when the probe told nothing of it.</param>
    public bool Add(in PacketReport report, TimeSpan? wait, TimeSpan usual, out Bitrate found)
    {
        found = default;
        ref Cluster cluster = ref _clusters[(report.ProbeId & int.MaxValue) % Remembered];
        if (report.ProbeId == 0 || cluster.Probe.Id != report.ProbeId)
        {
            return false;
        }

        cluster.Add(report, wait is { } late && late > HeldUp && late > usual * UsualTimes);
        if (cluster.Packets < cluster.Probe.MinPackets * EnoughShare || cluster.Bytes < cluster.Probe.MinBytes * EnoughShare)
        {
            return false;
        }

        return TryJudge(cluster, out found);
    }

    /// <summary>Nothing more is wanted of a probe.</summary>
    public void End(int id)
    {
        if (_clusters[id % Remembered].Probe.Id == id)
        {
            _clusters[id % Remembered] = default;
        }
    }

    private static bool TryJudge(in Cluster cluster, out Bitrate found)
    {
        found = Bitrate.Zero;

        // The first to arrive began the interval and does not fill it; the last to leave was still to come when the interval ended.
        Bitrate received = Bitrate.Of(cluster.Bytes - cluster.FirstArrivedBytes, cluster.LastArrival - cluster.FirstArrival);
        Bitrate sent = Bitrate.Of(cluster.Bytes - cluster.LastSentBytes, cluster.LastSent - cluster.FirstSent);
        TimeSpan sending = cluster.LastSent - cluster.FirstSent;
        if (received == Bitrate.Zero)
        {
            // Sent in one go and there in one go: a link so fast that nothing comes between them.
            found = sending <= ClockStep && !cluster.WasHeldUp ? cluster.Probe.Rate : Bitrate.Zero;
            return found > Bitrate.Zero || cluster.WasHeldUp;
        }

        // Sent in one go (one kernel message): how fast it left is not known, and the probe claims no more than it was meant to.
        sent = sent == Bitrate.Zero || sent > cluster.Probe.Rate ? cluster.Probe.Rate : sent;

        // Times are compared, not rates: packets differ in size, and each rate leaves out another one.
        TimeSpan arriving = cluster.LastArrival - cluster.FirstArrival;
        bool isFull = arriving * FullShare > sending && arriving > sending + ClockStep;
        bool isFast = !isFull || received > sent;
        found = !isFast ? new Bitrate((long)(BackToBack * received.BitsPerSecond)) : cluster.WasHeldUp ? Bitrate.Zero : sent;
        return true;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Cluster
    {
        public Probe Probe;
        public int Packets;
        public int Bytes;
        public Instant FirstSent;
        public Instant LastSent;
        public int LastSentBytes;
        public Instant FirstArrival;
        public Instant LastArrival;
        public int FirstArrivedBytes;
        public bool WasHeldUp;

        public void Add(in PacketReport report, bool isLate)
        {
            WasHeldUp |= isLate && Packets == 0;
            if (Packets == 0 || report.ReceivedAt < FirstArrival)
            {
                FirstArrival = report.ReceivedAt;
                FirstArrivedBytes = report.Bytes;
            }

            if (Packets == 0 || report.SentAt >= LastSent)
            {
                LastSent = report.SentAt;
                LastSentBytes = report.Bytes;
            }

            FirstSent = Packets == 0 ? report.SentAt : Instant.Min(FirstSent, report.SentAt);
            LastArrival = Packets == 0 ? report.ReceivedAt : Instant.Max(LastArrival, report.ReceivedAt);
            Packets++;
            Bytes += report.Bytes;
        }
    }

    [InlineArray(Remembered)]
    private struct Clusters
    {
        private Cluster _first;
    }
}
