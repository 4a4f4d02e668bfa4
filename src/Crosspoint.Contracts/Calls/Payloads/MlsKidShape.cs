using System.Text.Json.Serialization;

namespace Crosspoint.Contracts.Calls;

/// <summary>How a key id of SFrame is put together: <c>context &lt;&lt; (E + S) | leaf &lt;&lt; E | epoch</c>.</summary>
public sealed record MlsKidShape
{
    /// <summary>Bits of the MLS epoch in it.</summary>
    [JsonPropertyName("E")]
    public required int EpochBits { get; init; }

    /// <summary>Bits of the leaf in it.</summary>
    [JsonPropertyName("S")]
    public required int LeafBits { get; init; }
}
