using Crosspoint.Fuzz.Engine;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Fuzz.Targets;

/// <summary>The elements of RTP header extensions, and the dependency descriptors of a stream one after the other.</summary>
internal static class ExtensionTargets
{
    private static readonly byte[] Scratch = new byte[16];
    private static readonly DependencyDescriptorReader Reader = new();

    public static IEnumerable<FuzzTarget> All =>
    [
        new("rtp-extensions", Element, ElementSeeds) { MaxInputBytes = 300, MaxAllocatedBytes = 0 },
        new("dependency-descriptor", Descriptors, DescriptorSeeds) { MaxAllocatedBytes = 0 },
    ];

    // Byte 0 chooses the codec. What was read is written and must be read alike.
    private static int Element(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }

        ReadOnlySpan<byte> element = input[1..];
        Span<byte> into = Scratch;
        bool same = true;
        bool read;
        int kind = input[0] % 8;
        switch (kind)
        {
            case 0:
                if (read = AudioLevel.TryRead(element, out AudioLevel level))
                {
                    level.Write(into);
                    same = AudioLevel.TryRead(into[..AudioLevel.Length], out AudioLevel again) && again == level;
                }

                break;
            case 1:
                if (read = AbsoluteSendTime.TryRead(element, out AbsoluteSendTime time))
                {
                    time.Write(into);
                    same = AbsoluteSendTime.TryRead(into[..AbsoluteSendTime.Length], out AbsoluteSendTime again) && again == time
                        && AbsoluteSendTime.Distance(time, new(0)) + AbsoluteSendTime.Distance(new(0), time) is { Ticks: >= -1 and <= 0 } or { TotalSeconds: -64 };
                }

                break;
            case 2:
                if (read = TransportSequenceNumber.TryRead(element, out SequenceNumber number))
                {
                    TransportSequenceNumber.Write(number, into);
                    same = TransportSequenceNumber.TryRead(into[..TransportSequenceNumber.Length], out SequenceNumber again) && again == number;
                }

                break;
            case 3:
                if (read = VideoOrientation.TryRead(element, out VideoOrientation orientation))
                {
                    orientation.Write(into);
                    same = VideoOrientation.TryRead(into[..VideoOrientation.Length], out VideoOrientation again) && again == orientation;
                }

                break;
            case 4:
                if (read = AbsoluteCaptureTime.TryRead(element, out AbsoluteCaptureTime captured))
                {
                    captured.Write(into);
                    same = AbsoluteCaptureTime.TryRead(into[..captured.Length], out AbsoluteCaptureTime again) && again == captured;
                }

                break;
            case 5:
                if (read = PlayoutDelay.TryRead(element, out PlayoutDelay delay))
                {
                    delay.Write(into);
                    same = PlayoutDelay.TryRead(into[..PlayoutDelay.Length], out PlayoutDelay again) && again == delay;
                }

                break;
            case 6:
                read = StreamIdentifier.IsMid(element);
                break;
            default:
                read = StreamIdentifier.IsRid(element);
                same = !read || element.Length <= StreamIdentifier.MaxLength;
                break;
        }

        if (!same)
        {
            throw new InvalidOperationException("What was written reads differently.");
        }

        return (kind << 8) | (read ? 128 : 0) | Math.Min(element.Length, 20);
    }

    // | length | element | length | element | … through one reader, as the packets of one stream.
    private static int Descriptors(ReadOnlySpan<byte> input)
    {
        var signature = new Signature();
        var script = new ByteScript(input);
        Reader.Reset();
        int seen = 0;
        for (int i = 0; i < 32 && !script.IsEmpty; i++)
        {
            int before = Reader.DecodeTargetCount;
            DependencyDescriptorStatus status = Reader.Read(script.TakeBlock(), out DependencyDescriptor descriptor);
            if (status == DependencyDescriptorStatus.Ok)
            {
                seen |= Visit(descriptor);
            }
            else if (Reader.DecodeTargetCount != before)
            {
                throw new InvalidOperationException("A structure took effect that was not read.");
            }

            // The order of the first few is enough of a way.
            if (i < 4)
            {
                signature.Add(status);
            }
        }

        signature.Add(seen);
        return signature.Value;
    }

    private static int Visit(in DependencyDescriptor descriptor)
    {
        int targets = Reader.DecodeTargetCount;
        PayloadFacts facts = descriptor.GetFacts();
        foreach (byte chain in descriptor.ProtectedBy)
        {
            if (chain >= descriptor.Chains.Length)
            {
                throw new InvalidOperationException("Protected by a chain that is not there.");
            }
        }

        foreach (ushort reference in descriptor.References)
        {
            if (reference is 0 or > 4096)
            {
                throw new InvalidOperationException("A frame refers 1 to 4096 frames back.");
            }
        }

        if (targets is < 1 or > 32 || descriptor.Indications.Length != targets
            || (targets < 32 && descriptor.ActiveDecodeTargets >> targets != 0)
            || descriptor.SpatialLayer > 3 || descriptor.TemporalLayer > 7)
        {
            throw new InvalidOperationException("Out of bounds.");
        }

        return (int)facts.Flags | (Magnitude(targets) << 8) | (Magnitude(descriptor.Chains.Length) << 12) | (Magnitude(descriptor.References.Length) << 16)
            | (descriptor.Width > 0 ? 1 << 20 : 0) | (descriptor.HasStructure ? 1 << 21 : 0);
    }

    private static int Magnitude(int value) => 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)value);

    private static IEnumerable<byte[]> ElementSeeds() =>
    [
        [0, 0x85],
        [1, 0x12, 0x34, 0x56],
        [2, 0xFF, 0xFE],
        [3, 0x0B],
        [4, 1, 2, 3, 4, 5, 6, 7, 8],
        [4, 1, 2, 3, 4, 5, 6, 7, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0],
        [5, 0, 0x10, 0x64],
        [6, .. "mid-0"u8],
        [7, .. "r0_h"u8],
    ];

    private static IEnumerable<byte[]> DescriptorSeeds()
    {
        byte[] key = KeyFrame();
        byte[] later = [0xC0 | 61, 0, 8];
        yield return [(byte)key.Length, .. key, 3, .. later, 3, 0xC0 | 63, 0, 9, 3, 0x40 | 62, 0, 10];
        yield return [3, .. later, (byte)key.Length, .. key];

        // Everything said by the frame itself: active targets, indications, references, chains.
        byte[] custom = new Bits().Write(0b11, 2).Write(61, 6).Write(7, 16).Write(0b01111, 5).Write(0b0011, 4).Write(0b00011011, 8)
            .Write(1, 2).Write(4, 4).Write(2, 2).Write(99, 8).Write(3, 2).Write(4095, 12).Write(0, 2).Write(200, 8).Write(0, 8).ToArray();
        yield return [(byte)key.Length, .. key, (byte)custom.Length, .. custom, 3, .. later];
    }

    // Two spatial layers of two temporal layers, four decode targets, two chains, resolutions.
    private static byte[] KeyFrame()
    {
        Bits bits = new Bits().Write(0b10, 2).Write(60, 6).Write(0x1234, 16).Write(0b10000, 5).Write(60, 6).Write(3, 5);
        bits.Write(1, 2).Write(2, 2).Write(1, 2).Write(3, 2);
        bits.Write(0b10101010, 8).Write(0b00010011, 8).Write(0b00001010, 8).Write(0b00000001, 8);
        bits.Write(0, 1).Write(1, 1).Write(0, 4).Write(0, 1).Write(1, 1).Write(0, 4).Write(0, 1).Write(1, 1).Write(0, 4).Write(1, 1).Write(1, 4).Write(0, 1);
        bits.Write(2, 2).Write(0, 1).Write(0, 1).Write(1, 1).Write(1, 1).Write(0x00, 8).Write(0x11, 8).Write(0x10, 8).Write(0x11, 8);
        return bits.Write(1, 1).Write(319, 16).Write(179, 16).Write(639, 16).Write(359, 16).ToArray();
    }

    private sealed class Bits
    {
        private readonly List<bool> _bits = [];

        public Bits Write(int value, int count)
        {
            for (int i = count - 1; i >= 0; i--)
            {
                _bits.Add(((value >> i) & 1) != 0);
            }

            return this;
        }

        public byte[] ToArray()
        {
            byte[] bytes = new byte[(_bits.Count + 7) / 8];
            for (int i = 0; i < _bits.Count; i++)
            {
                bytes[i / 8] |= (byte)(_bits[i] ? 0x80 >> (i % 8) : 0);
            }

            return bytes;
        }
    }
}
