using System.Runtime.CompilerServices;
using Crosspoint.Media.Layers;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Allocation;

/// <summary>The layers of one video worth sending, from the cheapest to the best.</summary>
/// <remarks>
/// Of the smallest picture every frame rate is worth sending. A larger one costs a keyframe, and a large picture that stutters is worse than a smaller
/// one that does not: it is sent with all its pictures, or with half of them where those are still a fair frame rate, or for a moment, since down to
/// half and back costs nothing. A step that costs no more than the one below replaces it. A value.
/// </remarks>
public struct LayerLadder
{
    /// <summary>Steps at most.</summary>
    public const int Capacity = 16;

    private Steps _steps;

    /// <summary>How many steps there are.</summary>
    public int Count { get; private set; }

    /// <summary>A step, 0 for the cheapest.</summary>
    public readonly LayerStep this[int index] => _steps[index];

    /// <summary>The best there is; zero for an empty ladder.</summary>
    public readonly Bitrate Top => Count == 0 ? Bitrate.Zero : _steps[Count - 1].Rate;

    /// <summary>The cheapest there is; zero for an empty ladder.</summary>
    public readonly Bitrate Base => Count == 0 ? Bitrate.Zero : _steps[0].Rate;

    /// <summary>The smallest picture with all its pictures a second; zero for an empty ladder.</summary>
    public readonly Bitrate SmallestPicture
    {
        get
        {
            Bitrate rate = Bitrate.Zero;
            for (int i = 0; i < Count && _steps[i].Layer.Spatial == _steps[0].Layer.Spatial; i++)
            {
                rate = _steps[i].Rate;
            }

            return rate;
        }
    }

    /// <summary>The steps up to a wish.</summary>
    /// <param name="rates">What each layer costs with those below it, <paramref name="temporals"/> for each spatial layer; zero for one that is not sent.</param>
    /// <param name="temporals">Temporal layers, 1 to 8.</param>
    /// <param name="preferred">The highest layer wanted; null for all.</param>
    /// <param name="keyFrames">Bytes on the wire of a keyframe of each spatial layer; empty where nothing is known of them.</param>
    /// <param name="halves">Spatial layers, one bit each, of which half of the pictures is a step.</param>
    public static LayerLadder Build(ReadOnlySpan<Bitrate> rates, int temporals, LayerId? preferred, ReadOnlySpan<int> keyFrames = default, uint halves = 0)
    {
        LayerLadder ladder = default;
        LayerId most = preferred ?? LayerId.Highest;
        bool isLowest = true;
        for (int spatial = 0; spatial * temporals < rates.Length && spatial <= most.Spatial; spatial++)
        {
            ReadOnlySpan<Bitrate> row = rates.Slice(spatial * temporals, temporals);
            int fastest = row.Length - 1;
            while (fastest >= 0 && row[fastest] == Bitrate.Zero)
            {
                fastest--;
            }

            int top = Math.Min(fastest, most.Temporal);
            bool hasHalf = (halves & (1u << spatial)) != 0;
            int slowest = isLowest ? 0 : Math.Max(0, hasHalf ? top - 1 : top);
            for (int temporal = slowest; temporal <= top; temporal++)
            {
                ladder.Add(new LayerStep(new LayerId((byte)spatial, (byte)temporal), row[temporal], spatial < keyFrames.Length ? keyFrames[spatial] : 0));
            }

            isLowest &= fastest < 0;
        }

        return ladder;
    }

    /// <summary>Adds a better step; what it makes pointless goes.</summary>
    public void Add(LayerStep step)
    {
        if (step.Rate == Bitrate.Zero)
        {
            return;
        }

        while (Count > 0 && (Count == Capacity || _steps[Count - 1].Rate >= step.Rate))
        {
            Count--;
        }

        _steps[Count++] = step;
    }

    /// <summary>The step of a layer that is being sent: the best that is not above it; −1 when there is none.</summary>
    public readonly int IndexOf(LayerId? layer)
    {
        int index = -1;
        while (layer is { } given && index + 1 < Count && IsAtMost(_steps[index + 1].Layer, given))
        {
            index++;
        }

        return index;
    }

    private static bool IsAtMost(LayerId layer, LayerId other) =>
        layer.Spatial < other.Spatial || (layer.Spatial == other.Spatial && layer.Temporal <= other.Temporal);

    [InlineArray(Capacity)]
    private struct Steps
    {
        private LayerStep _first;
    }
}
