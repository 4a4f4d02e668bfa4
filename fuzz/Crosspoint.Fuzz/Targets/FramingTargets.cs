using Crosspoint.Fuzz.Engine;
using Crosspoint.Net.Tcp;

namespace Crosspoint.Fuzz.Targets;

/// <summary>RFC 4571: a byte stream cut into frames.</summary>
internal static class FramingTargets
{
    private const int MaxFrame = 256;

    private static readonly byte[] Room = new byte[MaxFrame];
    private static readonly byte[] OtherRoom = new byte[MaxFrame];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("rfc4571-frames", Run, Seeds),
    ];

    // Byte 0 is the length of the fragments; the whole stream at once must give the same frames as the fragments do.
    private static int Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }

        int fragment = input[0] + 1;
        (int frames, uint hash, FrameReadResult end) whole = Read(new FrameReader(Room), input[1..], int.MaxValue);
        (int frames, uint hash, FrameReadResult end) cut = Read(new FrameReader(OtherRoom), input[1..], fragment);
        if (whole != cut)
        {
            throw new InvalidOperationException($"whole {whole}, in fragments of {fragment} {cut}");
        }

        var signature = new Signature();
        signature.AddMagnitude(whole.frames);
        signature.Add(whole.end);
        return signature.Value;
    }

    private static (int Frames, uint Hash, FrameReadResult End) Read(FrameReader reader, ReadOnlySpan<byte> stream, int fragment)
    {
        int frames = 0;
        uint hash = 0;
        while (!stream.IsEmpty)
        {
            ReadOnlySpan<byte> piece = stream[..Math.Min(fragment, stream.Length)];
            stream = stream[piece.Length..];
            FrameReadResult result;
            while ((result = reader.Read(ref piece, out ReadOnlySpan<byte> frame)) == FrameReadResult.Frame)
            {
                frames++;
                foreach (byte b in frame)
                {
                    hash = (hash * 31) + b;
                }
            }

            if (result == FrameReadResult.TooLong)
            {
                return (frames, hash, result);
            }
        }

        return (frames, hash, FrameReadResult.NeedMore);
    }

    private static IEnumerable<byte[]> Seeds() =>
    [
        [2, 0, 3, 1, 2, 3, 0, 0, 0, 1, 9],
        [0, 1, 0, .. new byte[256], 0, 1, 7],
        [7, 1, 1, .. new byte[20]],
    ];
}
