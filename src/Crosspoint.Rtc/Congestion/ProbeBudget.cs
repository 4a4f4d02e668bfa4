using System.Runtime.InteropServices;
using Crosspoint.Primitives;

namespace Crosspoint.Rtc.Congestion;

/// <summary>What of a probe is still to be sent, and how much of it now: packets go at the probe's rate in ticks of some milliseconds.</summary>
/// <remarks>One owner.</remarks>
[StructLayout(LayoutKind.Auto)]
public struct ProbeBudget
{
    // How far ahead of its rate a probe may be: what leaves together must not be so much that the link's own rhythm is hidden.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    private Probe _probe;
    private Instant _began;
    private int _bytes;
    private int _packets;

    /// <summary>The probe under way; 0 when there is none.</summary>
    public readonly int Id => _probe.Id;

    /// <summary>Begins a probe.</summary>
    public void Begin(Instant now, in Probe probe)
    {
        _probe = probe;
        _began = now;
        _bytes = 0;
        _packets = 0;
    }

    /// <summary>Bytes that may leave now for the probe to keep its rate; 0 or less when it is ahead, or none is under way.</summary>
    public readonly int Due(Instant now) =>
        Id == 0 ? 0 : (int)(_probe.Rate.BitsPerSecond / 8.0 * (now - _began + Tick).TotalSeconds) - _bytes;

    /// <summary>When the next byte is due; never when none is under way.</summary>
    public readonly Instant NextTime => Id == 0 ? Instant.Never : _began + TimeSpan.FromSeconds(_bytes * 8.0 / _probe.Rate.BitsPerSecond);

    /// <summary>A packet has left as part of the probe; true when that was the last it needed.</summary>
    public bool Charge(int bytes)
    {
        _bytes += bytes;
        _packets++;
        bool done = _bytes >= _probe.MinBytes && _packets >= _probe.MinPackets;
        if (done)
        {
            _probe = default;
        }

        return done;
    }

    /// <summary>Gives the probe up.</summary>
    public void Cancel() => _probe = default;
}
