using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// The rate by loss. A model says how likely what was observed is, for a candidate rate: below it packets are lost with
/// the link's inherent probability, above it the excess is lost too. So loss that is the same at every rate, as on radio links,
/// is inherent and costs nothing, and loss that sending less cures is congestion. To tell them apart the rate dips now and then.
/// </summary>
/// <remarks>
/// One owner. The kind of model of libwebrtc's second loss-based estimator; the inherent loss of a candidate follows here
/// directly from the moments of the observations, without iterations.
/// </remarks>
internal sealed class LossBasedEstimator(Bitrate least)
{
    private const double Decay = 0.9;          // weight of an observation against the next newer one
    private const double MostInherent = 0.25;  // more is never taken for the link's nature
    private const double Quiet = 0.02;         // loss below this is not worth modelling
    private const double HigherIsBetter = 0.2; // log-likelihood per factor e of rate: of two that explain alike, the higher
    private const double Doubt = 2;            // log-likelihood: a lower rate must explain it seven times better, or chance, asked four times a second, would find one that does
    private const double DipDoubt = 1;         // ... after a dip, which is asked once, less so
    private const double Tiny = 1e-4;

    private const double FarGrowth = 1.02;     // per observation, about 8 % a second
    private const double NearGrowth = 1.0025;  // about 1 % a second, where the link was full
    private const double NearShare = 0.1;      // near is this much around

    // Loss at one rate alone can be the link's nature or its fullness. So the rate dips for a moment, and the model sees the difference.
    private const double DipShare = 0.85;
    private const double DipLoss = 0.05;       // where nothing waits, less is repaired for less than what a dip takes
    private const int DipObservations = 3;
    private const int MostDipObservations = 12; // 3 s: 60 packets at 250 kbit/s
    private const double FullDoubt = 0.3;      // ... and hardly where the link was seen full
    private const int DipPackets = 60;         // fewer do not tell a tenth of loss from a fifth
    private const int FirstDipInterval = 8;    // observations, about 2 s
    private const int MostDipInterval = 120;   // about 30 s

    private LossWindow _window;
    private double _rate; // bit/s; 0 = not limited by loss
    private double _beforeDip;
    private double _arrivedBeforeDip;
    private double _seenInherent;
    private double _full; // bit/s at which sending less cured the loss; 0 = unknown
    private int _dipLeft; // observations until the dip is judged
    private int _dipDelay; // of them, a round trip
    private int _sinceQueued = LossWindow.Capacity; // observations; what the window holds may be from then
    private int _sinceDip = FirstDipInterval;
    private int _dipInterval = FirstDipInterval;

    /// <summary>The rate; none while loss limits nothing.</summary>
    public Bitrate? Rate => _rate == 0 ? null : new Bitrate((long)_rate);

    /// <summary>The share of packets that the link loses at any rate, as the model sees it.</summary>
    public double InherentLoss { get; private set; }

    /// <summary>Share of packets lost, over the last seconds.</summary>
    public double LossRatio { get; private set; }

    /// <summary>Next to nothing is lost.</summary>
    public bool IsQuiet => LossRatio < Quiet;

    /// <summary>Takes a packet that feedback spoke of.</summary>
    /// <param name="report">The packet.</param>
    /// <param name="delayBased">The rate by delay: the highest candidate.</param>
    /// <param name="acknowledged">What arrives.</param>
    /// <param name="roundTrip">Of the feedback.</param>
    /// <param name="isDraining">The rate by delay is low for the moment, to drain a queue: it is no time for a dip of our own.</param>
    /// <param name="isQueued">Packets wait: what is lost may be what a full queue does not take.</param>
    public void Add(in PacketReport report, Bitrate delayBased, Bitrate? acknowledged, TimeSpan roundTrip, bool isDraining, bool isQueued)
    {
        if (isDraining && _dipLeft > 0)
        {
            _dipLeft = 0;
            _rate = _beforeDip;
        }

        if (_window.Add(report))
        {
            Judge(delayBased.BitsPerSecond, acknowledged?.BitsPerSecond ?? 0, roundTrip, isDraining, isQueued);
        }
    }

    /// <summary>A probe found that the link carries this: a limit below it is out of date, unless packets are still being lost.</summary>
    public void HandleProbe(Bitrate found)
    {
        if (IsQuiet && _dipLeft == 0 && _rate > 0)
        {
            _rate = Math.Max(_rate, found.BitsPerSecond);
        }
    }

    /// <summary>The link is another one since it collapsed: what its full queue did not take then says nothing of what it carries now.</summary>
    public void Restart()
    {
        _window = default;
        _rate = 0;
        _full = 0;
        _dipLeft = 0;
        _sinceQueued = LossWindow.Capacity;
        LossRatio = 0;
    }

    private void Judge(double delayBased, double acknowledged, TimeSpan roundTrip, bool isDraining, bool isQueued)
    {
        LossRatio = MeanLoss();
        _sinceDip++;
        _sinceQueued = isQueued ? 0 : _sinceQueued + 1;
        if (_dipLeft > 1)
        {
            _dipLeft--;
            return;
        }

        if (LossRatio < Quiet)
        {
            // Nothing to explain: let go of the limit, not all at once.
            _rate = _rate == 0 || _rate * Growth() >= delayBased ? 0 : _rate * Growth();
            InherentLoss = LossRatio;
            _dipLeft = 0;
            return;
        }

        if (_dipLeft == 1 && !HasShown())
        {
            return;
        }

        Candidate best = Best(delayBased, acknowledged);
        if (_dipLeft == 1)
        {
            EndDip(best, delayBased);
        }
        else if (!isDraining && (_sinceQueued < LossWindow.Capacity || LossRatio >= DipLoss) && (_sinceDip >= _dipInterval || (_sinceDip >= FirstDipInterval && LossRatio > (_seenInherent * 1.5) + Quiet)))
        {
            BeginDip(Math.Min(best.Rate, delayBased), acknowledged, roundTrip);
        }
        else
        {
            Take(best, delayBased);
        }
    }

    private void Take(in Candidate best, double delayBased)
    {
        // Growing back takes time: what helped must not be undone by one good moment.
        double most = _rate == 0 ? delayBased : _rate * Growth();
        InherentLoss = best.Inherent;
        Set(Math.Min(best.Rate, most), delayBased);
    }

    private void BeginDip(double rate, double acknowledged, TimeSpan roundTrip)
    {
        _beforeDip = rate;
        _arrivedBeforeDip = acknowledged;
        _rate = rate * DipShare;
        _dipDelay = (int)(roundTrip / LossWindow.Span);
        _dipLeft = DipObservations + _dipDelay;
        _sinceDip = 0;
    }

    private void EndDip(in Candidate best, double delayBased)
    {
        _dipLeft = 0;
        bool isInherent = best.Rate >= _beforeDip * 0.97;
        _dipInterval = isInherent ? Math.Min(_dipInterval * 2, MostDipInterval) : FirstDipInterval;
        _seenInherent = isInherent ? LossRatio : best.Inherent;
        _full = isInherent ? 0 : best.Rate;
        InherentLoss = best.Inherent;
        Set(best.Rate, delayBased);
    }

    // Whether enough was sent during the dip to tell. The first observations were under way when it began.
    private bool HasShown()
    {
        int packets = 0;
        int dipped = Math.Min(_sinceDip - _dipDelay, _window.Count);
        for (int age = 0; age < dipped; age++)
        {
            packets += _window[age].Packets;
        }

        return packets >= DipPackets || dipped >= MostDipObservations;
    }

    private void Set(double rate, double delayBased) => _rate = rate >= delayBased ? 0 : Math.Max(rate, least.BitsPerSecond);

    private double Growth() => _full > 0 && Math.Abs(_rate - _full) < _full * NearShare ? NearGrowth : FarGrowth;

    private Candidate Best(double delayBased, double acknowledged)
    {
        Candidate best = new(double.NegativeInfinity, 0, 0);
        double current = _rate == 0 ? delayBased : Math.Min(_rate, delayBased);
        double trusted = _dipLeft == 1 ? Math.Min(_beforeDip, delayBased) : current;
        Consider(delayBased, trusted, ref best);
        Consider(current, trusted, ref best);
        Consider(Math.Min(current * Growth(), delayBased), trusted, ref best);
        Consider(current * 0.95, trusted, ref best);
        Consider(current * 0.85, trusted, ref best);
        ConsiderArrived(acknowledged, delayBased, trusted, ref best);
        if (_dipLeft == 1)
        {
            Consider(trusted, trusted, ref best);
            ConsiderArrived(_arrivedBeforeDip, delayBased, trusted, ref best);
        }

        return best;
    }

    private void ConsiderArrived(double arrived, double delayBased, double trusted, ref Candidate best)
    {
        if (arrived > 0)
        {
            Consider(Math.Min(arrived, delayBased), trusted, ref best);
            Consider(Math.Min(arrived / (1 - InherentLoss), delayBased), trusted, ref best);
        }
    }

    private double DoubtNow => _dipLeft == 1 ? DipDoubt : _full > 0 ? FullDoubt : Doubt;

    private void Consider(double rate, double trusted, ref Candidate best)
    {
        double inherent = InherentOf(rate);
        double likelihood = (HigherIsBetter * Math.Log(Math.Max(rate, 1))) - (rate < trusted ? DoubtNow : 0);
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
