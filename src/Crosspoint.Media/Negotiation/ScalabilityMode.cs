namespace Crosspoint.Media.Negotiation;

/// <summary>The layers of one encoding as its sender announces them (W3C WebRTC-SVC §6), such as <c>L1T3</c>, <c>L3T3_KEY</c> or <c>S2T1h</c>.</summary>
/// <remarks>
/// <code>
/// L | S    spatial    T    temporal    h (2:3 and not 1:2)    _KEY | _KEY_SHIFT
/// </code>
/// L: higher spatial layers are predicted from lower ones, in keyframes only with KEY. S: they are not.
/// </remarks>
/// <param name="SpatialLayers">1 to 4.</param>
/// <param name="TemporalLayers">1 to 8.</param>
internal readonly record struct ScalabilityMode(int SpatialLayers, int TemporalLayers)
{
    /// <summary>One layer.</summary>
    public static readonly ScalabilityMode None = new(1, 1);

    /// <summary>True when there is something to choose from.</summary>
    public bool IsLayered => SpatialLayers > 1 || TemporalLayers > 1;

    /// <summary>What a text announces; one layer when it is not a mode.</summary>
    public static ScalabilityMode Of(string? text) => TryParse(text, out ScalabilityMode mode) ? mode : None;

    /// <summary>Reads a mode; false for what is not one, and then nothing is announced.</summary>
    public static bool TryParse(string? text, out ScalabilityMode mode)
    {
        mode = None;
        bool isMode = text is { Length: >= 4 }
            && text[0] is 'L' or 'S'
            && text[1] is >= '1' and <= '4'
            && text[2] == 'T'
            && text[3] is >= '1' and <= '8'
            && text[4..] is "" or "h" or "_KEY" or "h_KEY" or "_KEY_SHIFT" or "h_KEY_SHIFT";
        if (isMode)
        {
            mode = new ScalabilityMode(text![1] - '0', text[3] - '0');
        }

        return isMode;
    }
}
