using Crosspoint.Fuzz.Engine;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Fuzz.Targets;

/// <summary>SFrame: headers as the packet check reads them, and frames under a key that the fuzzer has not.</summary>
internal static class SFrameTargets
{
    private static readonly byte[] BaseKey = new byte[16];
    private static readonly byte[] Scratch = new byte[2048];
    private static readonly Lazy<SFrameKey[]> Keys = new(() => [.. Enum.GetValues<SFrameSuite>().Select(suite => SFrameKey.ForReceiving(suite, 0x15, BaseKey))]);

    public static IEnumerable<FuzzTarget> All =>
    [
        new("sframe-header", Header, HeaderSeeds) { MaxInputBytes = 64, MaxAllocatedBytes = 0 },
        new("sframe-frame", Frame, FrameSeeds) { MaxAllocatedBytes = 0 },
    ];

    // What reads minimally is written the same; what does not, otherwise.
    private static int Header(ReadOnlySpan<byte> input)
    {
        bool read = SFrameHeader.TryRead(input, isMinimal: false, out SFrameHeader header, out int length);
        bool minimal = SFrameHeader.TryRead(input, isMinimal: true, out SFrameHeader strict, out _);
        if (!read)
        {
            return minimal ? throw new InvalidOperationException("Minimal and yet not read.") : 0;
        }

        int written = header.Write(Scratch);
        bool same = Scratch.AsSpan(0, written).SequenceEqual(input[..length]);
        SFrameKeyId id = new(header.KeyId);
        if (same != minimal || (minimal && strict != header) || written != header.Length || written > length
            || new SFrameKeyId(id.Instance, id.Kind, id.Leaf, id.Epoch) != id)
        {
            throw new InvalidOperationException("One header has one minimal form.");
        }

        return (length << 1) | (minimal ? 1 : 0);
    }

    // | suite | metadata, a block | frame … |
    private static int Frame(ReadOnlySpan<byte> input)
    {
        using (Exempt.Begin())
        {
            _ = Keys.Value;
        }

        var script = new ByteScript(input);
        SFrameKey key = Keys.Value[script.Take() % Keys.Value.Length];
        ReadOnlySpan<byte> metadata = script.TakeBlock();
        ReadOnlySpan<byte> frame = script.TakeRest();
        SFrameResult result = key.TryDecrypt(frame, metadata, Scratch, out _, out int length);
        if (length > frame.Length || (result != SFrameResult.Ok && length != 0))
        {
            throw new InvalidOperationException("Plaintext without a frame.");
        }

        return (int)result | (length > 0 ? 16 : 0);
    }

    private static IEnumerable<byte[]> HeaderSeeds() =>
    [
        [0x00],
        [0x98, 0x01, 0x23, 0x45, 0x67],
        [0x99, 0x01, 0x23, 0x45, 0x67],
        [0x80, 5],
        [0xFF, .. Enumerable.Repeat((byte)1, 16)],
    ];

    private static IEnumerable<byte[]> FrameSeeds()
    {
        foreach (SFrameSuite suite in Enum.GetValues<SFrameSuite>())
        {
            using SFrameKey key = SFrameKey.ForSending(suite, 0x15, BaseKey);
            byte[] frame = new byte[64];
            int length = key.Encrypt(9, [1, 2], [3, 4, 5, 6], frame);
            yield return [(byte)((int)suite - 1), 2, 1, 2, .. frame[..length]];
        }
    }
}
