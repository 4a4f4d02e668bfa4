using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Media;

/// <summary>How many layers a sender announced: encodings of simulcast or spatial layers of SVC, and temporal layers of each (null when it did not say).</summary>
internal readonly record struct VideoShape(int SpatialLayers, int? TemporalLayers)
{
    /// <summary>What PRODUCE said. Several encodings are simulcast; one may name a scalability mode (W3C WebRTC-SVC): L or S, spatial layers, T, temporal layers.</summary>
    internal static VideoShape Of(RtpParameters parameters)
    {
        if (parameters.Encodings.Count == 0)
        {
            return new(1, null);
        }

        VideoShape one = OfMode(parameters.Encodings[0].ScalabilityMode);
        return parameters.Encodings.Count > 1 ? one with { SpatialLayers = parameters.Encodings.Count } : one;
    }

    // One digit each: no mode of the standard has more.
    private static VideoShape OfMode(string? mode) =>
        mode is ['L' or 'S', >= '1' and <= '8' and var spatial, 'T', >= '1' and <= '8' and var temporal, ..] && (mode.Length == 4 || mode[4] is '_' or 'h')
            ? new(spatial - '0', temporal - '0')
            : new(1, null);
}
