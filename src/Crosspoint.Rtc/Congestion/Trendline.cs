using System.Runtime.CompilerServices;

namespace Crosspoint.Rtc.Congestion;

/// <summary>
/// The slope of the delay over the last groups, by least squares over smoothed delays: above zero a queue is growing
/// (the filter of libwebrtc that took the place of the Kalman filter of draft-ietf-rmcat-gcc-02 §5.3).
/// </summary>
internal struct Trendline
{
    private const int Window = 20;       // groups; about 100 to 800 ms
    private const double Smoothing = 0.9; // share of the old value in the smoothed delay
    private const int FullWeight = 60;   // groups after which the slope counts in full
    private const double Gain = 4;       // scales the slope to the thresholds of the draft, which are in ms

    private Points _points;
    private int _count;
    private int _next;
    private int _groups;
    private double _origin;
    private double _first;
    private double _smoothed;

    /// <summary>Groups taken, up to the number after which more change nothing.</summary>
    public readonly int Groups => _groups;

    /// <summary>The slope times gain and groups: what the detector compares with its threshold, in ms.</summary>
    public double Trend { get; private set; }

    /// <summary>Takes a group.</summary>
    public void Add(in DelaySample sample)
    {
        double arrival = sample.ReceivedAt.TotalMilliseconds;
        double delay = sample.Delay.TotalMilliseconds;
        if (_groups == 0)
        {
            _origin = arrival;
            _first = delay;
        }

        _groups = Math.Min(_groups + 1, FullWeight);
        _smoothed = (Smoothing * _smoothed) + ((1 - Smoothing) * (delay - _first));
        _points[_next] = new Point(arrival - _origin, _smoothed);
        _next = (_next + 1) % Window;
        _count = Math.Min(_count + 1, Window);
        Trend = _count < Window ? 0 : Slope() * _groups * Gain;
    }

    /// <summary>Begins anew.</summary>
    public void Restart() => this = default;

    private readonly double Slope()
    {
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < _count; i++)
        {
            meanX += _points[i].X;
            meanY += _points[i].Y;
        }

        meanX /= _count;
        meanY /= _count;
        double numerator = 0;
        double denominator = 0;
        for (int i = 0; i < _count; i++)
        {
            double x = _points[i].X - meanX;
            numerator += x * (_points[i].Y - meanY);
            denominator += x * x;
        }

        return denominator == 0 ? 0 : numerator / denominator;
    }

    private readonly record struct Point(double X, double Y);

    [InlineArray(Window)]
    private struct Points
    {
        private Point _first;
    }
}
