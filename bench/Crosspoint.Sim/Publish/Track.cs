using Crosspoint.Media;
using Crosspoint.Media.Negotiation;
using Crosspoint.Netem;
using Crosspoint.Sim.Encode;

namespace Crosspoint.Sim.Publish;

/// <summary>What a publisher sends under one MID.</summary>
internal sealed class Track
{
    public required ushort Source { get; init; }

    public required ProducerNegotiation Negotiation { get; init; }

    public required IReadOnlyList<SendStream> Streams { get; init; }

    public required Producer Producer { get; init; }

    /// <summary>Null for audio.</summary>
    public EncoderShape? Shape { get; init; }

    /// <summary>Null for audio.</summary>
    public VideoEncoder? Encoder { get; init; }

    /// <summary>One for each simulcast encoding.</summary>
    public IReadOnlyList<Packetizer> Packetizers { get; init; } = [];

    /// <summary>For the sizes of audio frames.</summary>
    public LinkRandom Random;

    /// <summary>Pictures or audio frames made.</summary>
    public int Count { get; set; }

    /// <summary>Paused by its sender: nothing is made.</summary>
    public bool IsMuted { get; set; }

    /// <summary>Keyframes it was asked for.</summary>
    public int KeyFrameRequests { get; set; }

    public bool IsVideo => Encoder is not null;
}
