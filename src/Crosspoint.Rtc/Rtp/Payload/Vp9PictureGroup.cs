namespace Crosspoint.Rtc.Rtp.Payload;

/// <summary>
/// The picture group of a VP9 scalability structure (RFC 9628 §4.2.1): in non-flexible mode the pattern in which pictures refer to
/// earlier ones, repeated from the picture that brought it.
/// </summary>
/// <remarks>
/// One owner. Arrays of fixed size, filled anew by each structure.
/// <code>
/// |      N_G      |   then, for each picture:   |  T  |U| R |-|-|   and R times   |    P_DIFF     |
/// </code>
/// </remarks>
public sealed class Vp9PictureGroup
{
    private const int MaxPictures = 255;
    private const int MaxReferences = 3;

    private readonly byte[] _temporal = new byte[MaxPictures];
    private readonly byte[] _counts = new byte[MaxPictures];
    private readonly byte[] _references = new byte[MaxPictures * MaxReferences];

    /// <summary>Pictures in the group; 0 while none is known.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the group of a structure that <see cref="Vp9Descriptor"/> has found sound.</summary>
    public void Take(ReadOnlySpan<byte> payload, in Vp9Descriptor descriptor)
    {
        int at = descriptor.PictureGroupOffset;
        Count = at == 0 ? 0 : payload[at++];
        for (int picture = 0; picture < Count; picture++)
        {
            byte head = payload[at++];
            int count = (head >> 2) & 3;
            _temporal[picture] = (byte)(head >> 5);
            _counts[picture] = (byte)count;
            payload.Slice(at, count).CopyTo(_references.AsSpan(picture * MaxReferences));
            at += count;
        }
    }

    /// <summary>Forgets it: what follows is told otherwise.</summary>
    public void Clear() => Count = 0;

    /// <summary>The temporal layer of a picture of the group.</summary>
    /// <param name="picture">Below <see cref="Count"/>.</param>
    public byte GetTemporalLayer(int picture) => _temporal[picture];

    /// <summary>How many picture numbers back each reference lies.</summary>
    /// <param name="picture">Below <see cref="Count"/>.</param>
    public ReadOnlySpan<byte> GetReferences(int picture) => _references.AsSpan(picture * MaxReferences, _counts[picture]);
}
