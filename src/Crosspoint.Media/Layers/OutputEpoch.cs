using System.Runtime.CompilerServices;

namespace Crosspoint.Media.Layers;

/// <summary>What stays the same of a consumer's numbers from one change of stream to the next.</summary>
/// <param name="Stream">The stream that was sent; null for none.</param>
/// <param name="Generation">Which of its numberings.</param>
/// <param name="TimestampOffset">Added to its timestamps.</param>
/// <param name="FrameOffset">Added to the frame numbers of its dependency descriptors.</param>
internal readonly record struct OutputEpoch(ProducerStream? Stream, int Generation, uint TimestampOffset, ushort FrameOffset);

/// <summary>The last epochs of a consumer, for packets that are sent again.</summary>
/// <remarks>One owner: the consumer.</remarks>
internal struct OutputEpochs
{
    // More changes than that within the 512 packets that can be sent again would each be a keyframe.
    private const int Kept = 8;

    private Ring _ring;

    /// <summary>The number of the epoch in force.</summary>
    public byte Number { get; private set; }

    /// <summary>The epoch in force.</summary>
    public readonly OutputEpoch Current => _ring[Number % Kept];

    /// <summary>Begins one.</summary>
    public void Begin(in OutputEpoch epoch)
    {
        Number++;
        _ring[Number % Kept] = epoch;
    }

    /// <summary>An epoch by its number; false when it is forgotten or its stream began anew.</summary>
    public readonly bool TryFind(byte number, out OutputEpoch epoch)
    {
        epoch = _ring[number % Kept];
        return (byte)(Number - number) < Kept && epoch.Stream is { } stream && stream.Generation == epoch.Generation;
    }

    [InlineArray(Kept)]
    private struct Ring
    {
        private OutputEpoch _first;
    }
}
