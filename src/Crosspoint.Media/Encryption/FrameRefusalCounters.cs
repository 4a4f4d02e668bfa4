using System.Runtime.CompilerServices;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Media.Encryption;

/// <summary>Refused frames by codec and reason; a value, so that a copy is a snapshot.</summary>
public struct FrameRefusalCounters
{
    /// <summary>The codecs that are told apart: those that may be encrypted, and all others.</summary>
    public static IReadOnlyList<string> Codecs { get; } = ["opus", "vp8", "vp9", "other"];

    private const int Reasons = (int)FrameRefusal.Codec + 1;

    private Counters _counters;

    /// <summary>How often it happened.</summary>
    /// <param name="codec">By its place in <see cref="Codecs"/>.</param>
    /// <param name="refusal">Why.</param>
    public readonly long this[int codec, FrameRefusal refusal] => _counters[(codec * Reasons) + (int)refusal];

    /// <summary>Adds the counts of another.</summary>
    public void AddAll(in FrameRefusalCounters other)
    {
        for (int i = 0; i < 4 * Reasons; i++)
        {
            _counters[i] += other._counters[i];
        }
    }

    internal void Add(PayloadFormat codec, FrameRefusal refusal) => _counters[(PlaceOf(codec) * Reasons) + (int)refusal]++;

    private static int PlaceOf(PayloadFormat codec) => codec switch
    {
        PayloadFormat.Opus => 0,
        PayloadFormat.Vp8 => 1,
        PayloadFormat.Vp9 => 2,
        _ => 3,
    };

    [InlineArray(4 * Reasons)]
    private struct Counters
    {
        private long _first;
    }
}
