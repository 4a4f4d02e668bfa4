using Crosspoint.Rtc.Rtp.Extensions;

namespace Crosspoint.Sim.Encode;

/// <summary>What a dependency descriptor says of one frame, before it is written.</summary>
/// <param name="Spatial">Spatial layer.</param>
/// <param name="Temporal">Temporal layer.</param>
/// <param name="Indications">For each decode target.</param>
/// <param name="References">Frame numbers back.</param>
/// <param name="Chains">For each chain, frame numbers back to its last frame; 0 where it begins.</param>
internal sealed record FrameDependencies(int Spatial, int Temporal, DecodeTargetIndication[] Indications, int[] References, int[] Chains)
{
    public bool SaysTheSameAs(FrameDependencies other) =>
        Spatial == other.Spatial && Temporal == other.Temporal
        && Indications.AsSpan().SequenceEqual(other.Indications) && References.AsSpan().SequenceEqual(other.References) && Chains.AsSpan().SequenceEqual(other.Chains);
}

/// <summary>
/// Follows the frames of a stream with spatial and temporal layers and says of each what a dependency descriptor has to say: numbers it,
/// finds what it refers to, and keeps a chain for each spatial layer (RTP Payload Format For AV1, appendix A).
/// </summary>
internal sealed class DependencyTracker(int spatialLayers, int temporalLayers, bool keyFramesOnlyRefer)
{
    // Frame number by picture and spatial layer, as far back as anything refers.
    private readonly Dictionary<(int Picture, int Spatial), int> _numbers = [];
    private readonly int[] _chains = new int[spatialLayers];
    private int _next;

    public int DecodeTargets => spatialLayers * temporalLayers;

    public int Chains => spatialLayers;

    /// <summary>The spatial layer of a decode target, which is also the chain that protects it.</summary>
    public int ChainOf(int target) => target / temporalLayers;

    /// <summary>Takes the next frame.</summary>
    public FrameDependencies Next(LayerFrame frame, out int number)
    {
        number = _next++;
        if (frame.IsKey && frame.Spatial == 0)
        {
            _numbers.Clear();
            Array.Fill(_chains, -1);
        }

        List<int> references = [];
        if (frame.RefersBack > 0 && _numbers.TryGetValue((frame.Picture - frame.RefersBack, frame.Spatial), out int before))
        {
            references.Add(number - before);
        }

        if (frame.RefersBelow && _numbers.TryGetValue((frame.Picture, frame.Spatial - 1), out int below))
        {
            references.Add(number - below);
        }

        int[] chains = new int[spatialLayers];
        for (int chain = 0; chain < spatialLayers; chain++)
        {
            chains[chain] = _chains[chain] < 0 ? 0 : number - _chains[chain];
            if (IsInChain(frame, chain))
            {
                _chains[chain] = number;
            }
        }

        _numbers[(frame.Picture, frame.Spatial)] = number;
        _numbers.Remove((frame.Picture - 8, frame.Spatial));
        return new FrameDependencies(frame.Spatial, frame.Temporal, [.. Enumerable.Range(0, DecodeTargets).Select(target => Indicate(frame, target))], [.. references], chains);
    }

    private bool IsInChain(LayerFrame frame, int chain) =>
        frame.Temporal == 0 && (frame.Spatial == chain || (frame.Spatial < chain && (frame.IsKey || !keyFramesOnlyRefer)));

    private DecodeTargetIndication Indicate(LayerFrame frame, int target)
    {
        int spatial = target / temporalLayers;
        int temporal = target % temporalLayers;
        bool referredAcross = frame.IsKey || !keyFramesOnlyRefer;
        if (frame.Spatial > spatial || frame.Temporal > temporal || (frame.Spatial < spatial && !referredAcross))
        {
            return DecodeTargetIndication.NotPresent;
        }

        if (frame.IsKey)
        {
            return DecodeTargetIndication.Switch;
        }

        if (frame.Spatial < spatial)
        {
            return DecodeTargetIndication.Required;
        }

        return frame.Temporal == 0 || frame.Temporal < temporal ? DecodeTargetIndication.Switch : DecodeTargetIndication.Discardable;
    }
}
