using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// The rate by loss. A model says how likely what was observed is, for a candidate rate: below it packets are lost with
/// the link's inherent probability, above it the excess is lost too. So loss that is the same at every rate, as on radio links,
/// is inherent and costs nothing, and loss that sending less cures is congestion.
/// </summary>
/// <remarks>
/// One owner. The kind of model of libwebrtc's second loss-based estimator; the inherent loss of a candidate follows here
/// directly from the moments of the observations, without iterations.
/// </remarks>
internal sealed class LossBasedEstimator
{
    private const double Decay = 0.9;          // weight of an observation against the next newer one
    private const double MostInherent = 0.25;  // more is never taken for the link's nature
    private const double Quiet = 0.02;         // loss below this is not worth modelling
    private const double HigherIsBetter = 0.2; // log-likelihood per factor e of rate: of two that explain alike, the higher
    private const double Tiny = 1e-4;

    private LossWindow _window;
    private double _rate; // bit/s; 0 = not limited by loss

    /// <summary>The rate; none while loss limits nothing.</summary>
    public Bitrate? Rate => _rate == 0 ? null : new Bitrate((long)_rate);

    /// <summary>The share of packets that the link loses at any rate, as the model sees it.</summary>
    public double InherentLoss { get; private set; }

    /// <summary>Share of packets lost, over the last seconds.</summary>
    public double LossRatio { get; private set; }

    /// <summary>Takes a packet that feedback spoke of.</summary>
    /// <param name="report">The packet.</param>
    /// <param name="delayBased">The rate by delay: the highest candidate.</param>
    /// <param name="acknowledged">What arrives.</param>
    public void Add(in PacketReport report, Bitrate delayBased, Bitrate? acknowledged)
    {
        if (_window.Add(report))
        {
            Judge(delayBased.BitsPerSecond, acknowledged?.BitsPerSecond ?? 0);
        }
    }

    private void Judge(double delayBased, double acknowledged)
    {
        LossRatio = MeanLoss();
        if (LossRatio < Quiet)
        {
            // Nothing to explain: let go of the limit, not all at once.
            _rate = _rate == 0 || _rate * 1.1 >= delayBased ? 0 : _rate * 1.1;
            InherentLoss = LossRatio;
            return;
        }

        Candidate best = new(double.NegativeInfinity, 0, 0);
        double current = _rate == 0 ? delayBased : Math.Min(_rate, delayBased);
        Consider(delayBased, ref best);
        Consider(current, ref best);
        Consider(Math.Min(current * 1.04, delayBased), ref best);
        Consider(current * 0.95, ref best);
        Consider(current * 0.85, ref best);
        if (acknowledged > 0)
        {
            Consider(Math.Min(acknowledged, delayBased), ref best);
            Consider(Math.Min(acknowledged / (1 - InherentLoss), delayBased), ref best);
        }

        InherentLoss = best.Inherent;
        double most = _rate == 0 ? delayBased : _rate * 1.1; // growing back takes time: what helped must not be undone by one good moment
        _rate = best.Rate >= delayBased && most >= delayBased ? 0 : Math.Min(best.Rate, most);
    }

    private void Consider(double rate, ref Candidate best)
    {
        double inherent = InherentOf(rate);
        double likelihood = HigherIsBetter * Math.Log(Math.Max(rate, 1));
        double weight = 1;
        for (int age = 0; age < _window.Count; age++, weight *= Decay)
        {
            LossObservation seen = _window[age];
            double lost = Math.Clamp(inherent + ((1 - inherent) * Excess(seen, rate)), Tiny, 1 - Tiny);
            likelihood += weight * ((seen.Lost * Math.Log(lost)) + ((seen.Packets - seen.Lost) * Math.Log(1 - lost)));
        }

        if (likelihood > best.Likelihood)
        {
            best = new Candidate(likelihood, rate, inherent);
        }
    }

    // What of the loss the excess does not explain, per packet that the excess left over.
    private double InherentOf(double rate)
    {
        double unexplained = 0;
        double left = 0;
        double weight = 1;
        for (int age = 0; age < _window.Count; age++, weight *= Decay)
        {
            LossObservation seen = _window[age];
            double excess = Excess(seen, rate);
            unexplained += weight * (seen.Lost - (seen.Packets * excess));
            left += weight * seen.Packets * (1 - excess);
        }

        return left == 0 ? 0 : Math.Clamp(unexplained / left, 0, MostInherent);
    }

    private double MeanLoss()
    {
        double lost = 0;
        double packets = 0;
        double weight = 1;
        for (int age = 0; age < _window.Count; age++, weight *= Decay)
        {
            lost += weight * _window[age].Lost;
            packets += weight * _window[age].Packets;
        }

        return packets == 0 ? 0 : lost / packets;
    }

    private static double Excess(in LossObservation seen, double rate) =>
        seen.Sent.BitsPerSecond <= rate ? 0 : 1 - (rate / seen.Sent.BitsPerSecond);

    private readonly record struct Candidate(double Likelihood, double Rate, double Inherent);
}
