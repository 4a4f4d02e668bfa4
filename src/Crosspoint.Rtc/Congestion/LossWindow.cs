using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>What was sent and lost in about a quarter of a second.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LossObservation(Bitrate Sent, int Packets, int Lost);

/// <summary>The last observations of loss, each of <see cref="Span"/> of sending; the newest counts most.</summary>
internal struct LossWindow
{
    /// <summary>Observations kept.</summary>
    public const int Capacity = 20;

    /// <summary>How much sending makes an observation.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMilliseconds(250);

    private Observations _ring;
    private int _next;
    private Instant _began;
    private Instant _last;
    private long _bytes;
    private int _packets;
    private int _lost;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The observation <paramref name="age"/> steps back; 0 is the newest.</summary>
    public readonly LossObservation this[int age] => _ring[(_next - 1 - age + (2 * Capacity)) % Capacity];

    /// <summary>Takes a packet that feedback spoke of; true when that completed an observation.</summary>
    public bool Add(in PacketReport report)
    {
        if (report.WasLost)
        {
            _lost -= _lost > 0 ? 1 : 0; // it came after all
            return false;
        }

        bool complete = _packets > 0 && report.SentAt - _began >= Span;
        if (complete)
        {
            TimeSpan span = _last - _began > Span ? _last - _began : Span;
            _ring[_next] = new LossObservation(Bitrate.Of(_bytes, span), _packets, _lost);
            _next = (_next + 1) % Capacity;
            Count = Math.Min(Count + 1, Capacity);
            (_bytes, _packets, _lost) = (0, 0, 0);
        }

        _began = _packets == 0 ? report.SentAt : _began;
        _last = report.SentAt;
        _bytes += report.Bytes;
        _packets++;
        _lost += report.Received ? 0 : 1;
        return complete;
    }

    [InlineArray(Capacity)]
    private struct Observations
    {
        private LossObservation _first;
    }
}
