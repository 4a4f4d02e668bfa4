using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Scenarios;

/// <summary>What was in one tenth of a second: what the link could carry, what the source had, what was offered, what of it was of use.</summary>
internal readonly record struct LinkSample(Instant At, double Capacity, double Demand, double Offered, double Useful, double Cross);

/// <summary>Looks at a link ten times a second.</summary>
internal sealed class LinkMeter(VirtualTime time, IReadOnlyList<Way> ways, Func<double> demand, double fromSeconds) : Actor
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly List<LinkSample> _samples = [];
    private Instant _next = time.Now + Step;
    private long _offered;
    private long _useful;
    private long _cross;
    private bool _begun;

    /// <summary>The ways it is about, all over one path.</summary>
    public IReadOnlyList<Way> Ways { get; } = ways;

    /// <summary>Since the beginning.</summary>
    public IReadOnlyList<LinkSample> Samples => _samples;

    /// <summary>From when on the figures count: before that nobody can know the link.</summary>
    public Instant From { get; } = Instant.FromMilliseconds(fromSeconds * 1000);

    public VirtualLink<SimPacket> Link => Ways[0].Path.Link;

    /// <inheritdoc/>
    public override Instant NextTimeout => _next;

    /// <inheritdoc/>
    public override void HandleTimeout(Instant now)
    {
        long offered = Ways.Sum(way => way.Books.SentBytes);
        long useful = Ways.Sum(way => way.Books.UsefulBytes);
        long cross = Link.Statistics.CrossBytes;
        double seconds = Step.TotalSeconds;
        TimeSpan end = now - Instant.Zero;
        double capacity = Link.Plan.Rate is { } rate ? rate.Capacity(end - Step, end) * 8 / seconds : double.PositiveInfinity;
        _samples.Add(new LinkSample(now, capacity, demand(), (offered - _offered) * 8 / seconds, (useful - _useful) * 8 / seconds, (cross - _cross) * 8 / seconds));
        (_offered, _useful, _cross) = (offered, useful, cross);
        _next = now + Step;
        if (!_begun && now >= From)
        {
            _begun = true;
            Link.Statistics.QueueDelay.Clear();
        }
    }

    /// <summary>Useful bits of what was possible, in percent: of what the link carried beside others' traffic, or of what the source had if that was less.</summary>
    public double UsePercent(Instant? from = null, Instant? to = null)
    {
        double possible = 0;
        double useful = 0;
        foreach (LinkSample sample in Between(from ?? From, to ?? Instant.Never))
        {
            possible += Math.Min(Math.Max(0, sample.Capacity - sample.Cross), sample.Demand);
            useful += sample.Useful;
        }

        return possible == 0 ? 100 : 100 * useful / possible;
    }

    /// <summary>How long after a step down the offer stayed above the new rate and the queue above 100 ms; null when it never ended.</summary>
    public TimeSpan? SettleAfter(Instant step) => FirstLasting(step, 5, window => window.Average(sample => sample.Offered) <= window.Average(sample => sample.Capacity) * 1.02);

    /// <summary>How long after a step up it took until nine tenths of what was possible were used for a whole second; null when it never was.</summary>
    public TimeSpan? RecoverAfter(Instant step) => FirstLasting(step, 10, window => window.Sum(sample => sample.Useful) >= 0.9 * window.Sum(sample => Math.Min(sample.Capacity, sample.Demand)));

    private TimeSpan? FirstLasting(Instant step, int count, Func<LinkSample[], bool> holds)
    {
        for (int i = 0; i + count <= _samples.Count; i++)
        {
            if (_samples[i].At - Step >= step && holds([.. _samples.Skip(i).Take(count)]))
            {
                return _samples[i].At - Step - step;
            }
        }

        return null;
    }

    private IEnumerable<LinkSample> Between(Instant from, Instant to) => _samples.Where(sample => sample.At > from && sample.At <= to);
}
