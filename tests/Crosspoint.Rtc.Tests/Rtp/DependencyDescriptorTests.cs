using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.Rtp.Extensions;
using Crosspoint.Rtc.Rtp.Payload;

namespace Crosspoint.Rtc.Tests.Rtp;

public sealed class DependencyDescriptorTests
{
    private const int Offset = 60;

    // Two spatial layers of two temporal layers each, four decode targets, two chains: templates S0T0, S0T1, S1T0, S1T1.
    private static readonly string[] Indications = ["SSSS", "-D-R", "--SS", "---D"];
    private static readonly int[][] References = [[], [1], [1], [1, 2]];
    private static readonly int[][] Chains = [[0, 0], [1, 1], [1, 0], [1, 1]];

    [Fact]
    public void A_keyframe_brings_its_structure()
    {
        DependencyDescriptorReader reader = new();
        Assert.Equal(DependencyDescriptorStatus.Ok, reader.Read(KeyFrame(), out DependencyDescriptor descriptor));
        Assert.True(descriptor.IsKeyFrame && descriptor.IsStartOfFrame && !descriptor.IsEndOfFrame && descriptor.HasStructure);
        Assert.Equal(0x1234, descriptor.FrameNumber);
        Assert.Equal((0, 0, 0b1111u), (descriptor.SpatialLayer, descriptor.TemporalLayer, descriptor.ActiveDecodeTargets));
        Assert.Equal((320, 180), (descriptor.Width, descriptor.Height));
        Assert.Equal([0, 0], descriptor.Chains.ToArray());
        Assert.Equal([0, 0, 1, 1], descriptor.ProtectedBy.ToArray());
        Assert.Equal(new PayloadFacts(PayloadFlags.KeyFrame | PayloadFlags.StartOfFrame | PayloadFlags.SwitchingPoint, 0, 0, 320, 180), descriptor.GetFacts());
        Assert.Equal(4, reader.DecodeTargetCount);
    }

    [Theory]
    [InlineData(0, 0, 0, 320)]
    [InlineData(1, 0, 1, 320)]
    [InlineData(2, 1, 0, 640)]
    [InlineData(3, 1, 1, 640)]
    public void Later_frames_refer_to_a_template(int template, int spatial, int temporal, int width)
    {
        DependencyDescriptorReader reader = Started();
        Assert.Equal(DependencyDescriptorStatus.Ok, reader.Read(Mandatory(0b01, template, 0xFFFF).ToArray(), out DependencyDescriptor descriptor));
        Assert.False(descriptor.IsKeyFrame);
        Assert.False(descriptor.IsStartOfFrame);
        Assert.True(descriptor.IsEndOfFrame);
        Assert.Equal((spatial, temporal, width), (descriptor.SpatialLayer, descriptor.TemporalLayer, descriptor.Width));
        Assert.Equal(References[template], descriptor.References.ToArray().Select(r => (int)r));
        Assert.Equal(Chains[template], descriptor.Chains.ToArray().Select(c => (int)c));
        Assert.Equal(Indications[template], Describe(descriptor));
    }

    [Fact]
    public void The_last_template_of_the_highest_layer_is_discardable()
    {
        DependencyDescriptorReader reader = Started();
        reader.Read(Mandatory(0b11, 3, 1).ToArray(), out DependencyDescriptor descriptor);
        Assert.Equal(PayloadFlags.StartOfFrame | PayloadFlags.EndOfFrame | PayloadFlags.Discardable, descriptor.GetFacts().Flags);
    }

    [Fact]
    public void A_frame_can_say_all_of_it_itself()
    {
        BitWriter bits = Mandatory(0b11, 1, 7).Write(0b0_1_1_1_1, 5).Write(0b0011, 4); // active targets
        bits.Write(0b00_01_10_11, 8); // indications
        bits.Write(1, 2).Write(4, 4).Write(2, 2).Write(99, 8).Write(3, 2).Write(4095, 12).Write(0, 2); // references
        bits.Write(200, 8).Write(0, 8); // chains
        DependencyDescriptorReader reader = Started();
        Assert.Equal(DependencyDescriptorStatus.Ok, reader.Read(bits.ToArray(), out DependencyDescriptor descriptor));
        Assert.Equal("-DSR", Describe(descriptor));
        Assert.Equal([5, 100, 4096], descriptor.References.ToArray().Select(r => (int)r));
        Assert.Equal([200, 0], descriptor.Chains.ToArray());
        Assert.Equal(0b0011u, descriptor.ActiveDecodeTargets);

        // The targets stay as told; the rest was for that frame only.
        reader.Read(Mandatory(0b11, 1, 8).ToArray(), out descriptor);
        Assert.Equal(0b0011u, descriptor.ActiveDecodeTargets);
        Assert.Equal(Indications[1], Describe(descriptor));
    }

    // What the element has, what is told of four targets, and its length before and after.
    [Theory]
    [InlineData("mandatory", 0b0001, 3, 5)]
    [InlineData("extras", 0b0011, 4, 5)]
    [InlineData("told", 0b0101, 5, 5)]
    [InlineData("all", 0b0001, 13, 14)]
    [InlineData("key", 0b0011, 26, 27)]
    [InlineData("key", 0b1111, 26, 27)]
    [InlineData("key-told", 0b0001, 27, 27)]
    public void Fewer_targets_are_told_and_all_else_stays(string kind, uint mask, int before, int after)
    {
        byte[] element = kind switch
        {
            "mandatory" => Mandatory(0b11, 3, 0xFFFF).ToArray(),
            "extras" => Mandatory(0b11, 3, 0xFFFF).Write(0, 5).ToArray(),
            "told" => Mandatory(0b11, 3, 0).Write(0b0_1_0_0_0, 5).Write(0b1110, 4).ToArray(),
            "all" => Mandatory(0b11, 1, 7).Write(0b0_0_1_1_1, 5).Write(0b00_01_10_11, 8).Write(1, 2).Write(4, 4).Write(3, 2).Write(4095, 12).Write(0, 2).Write(200, 8).Write(9, 8)
                .Write(0, 27).ToArray(),
            "key" => KeyFrame(),
            _ => KeyFrame(told: 0b0111),
        };
        Assert.Equal(before, element.Length);
        DependencyDescriptorReader reader = Started();
        Assert.Equal(DependencyDescriptorStatus.Ok, reader.Read(element, out DependencyDescriptor descriptor));
        string said = Everything(descriptor);
        byte[] changed = new byte[element.Length + ActiveDecodeTargets.MaxGrowth];
        int length = (descriptor.Active with { Mask = mask }).Write(element, changed);
        Assert.Equal(after, length);
        DependencyDescriptorReader other = Started();
        Assert.Equal(DependencyDescriptorStatus.Ok, other.Read(changed.AsSpan(0, length), out DependencyDescriptor again));
        Assert.Equal((said, mask, true), (Everything(again), again.ActiveDecodeTargets, again.Active.IsTold));
    }

    [Fact]
    public void Whatever_reads_can_be_told_fewer_targets()
    {
        byte[] changed = new byte[300];
        int written = 0;
        DependencyDescriptorReader reader = new();
        DependencyDescriptorReader other = new();
        RtpBytes.Mutate(KeyFrame(), 6, 20_000, mutated =>
        {
            if (reader.Read(mutated, out DependencyDescriptor descriptor) != DependencyDescriptorStatus.Ok || !descriptor.HasStructure)
            {
                return;
            }

            written++;
            string said = Everything(descriptor);
            ActiveDecodeTargets told = descriptor.Active with { Mask = descriptor.ActiveDecodeTargets & 0x5555_5555 };
            int length = told.Write(mutated, changed);
            Assert.InRange(length, mutated.Length, mutated.Length + ActiveDecodeTargets.MaxGrowth);
            Assert.Equal(DependencyDescriptorStatus.Ok, other.Read(changed.AsSpan(0, length), out DependencyDescriptor again));
            Assert.Equal((said, told.Mask), (Everything(again), again.ActiveDecodeTargets));
        });
        Assert.InRange(written, 100, 20_000);
    }

    [Fact]
    public void Without_its_structure_a_frame_says_nothing()
    {
        DependencyDescriptorReader reader = new();
        Assert.Equal(DependencyDescriptorStatus.NoStructure, reader.Read(Mandatory(0b11, 1, 7).ToArray(), out _));
        reader = Started();
        Assert.Equal(DependencyDescriptorStatus.UnknownTemplate, reader.Read(Mandatory(0b11, 4, 7).ToArray(), out _));
        reader.Reset();
        Assert.Equal(DependencyDescriptorStatus.NoStructure, reader.Read(Mandatory(0b11, 1, 7).ToArray(), out _));
    }

    [Fact]
    public void A_structure_that_ends_early_leaves_the_one_before_in_force()
    {
        byte[] whole = KeyFrame();
        for (int length = 0; length < whole.Length; length++)
        {
            DependencyDescriptorReader reader = Started();
            DependencyDescriptorStatus status = reader.Read(whole.AsSpan(0, length), out _);
            Assert.Equal(length == 3 ? DependencyDescriptorStatus.Ok : DependencyDescriptorStatus.Malformed, status);
            Assert.Equal(DependencyDescriptorStatus.Ok, reader.Read(Mandatory(0b11, 3, 9).ToArray(), out DependencyDescriptor descriptor));
            Assert.Equal(Indications[3], Describe(descriptor));
        }
    }

    [Fact]
    public void More_than_we_have_room_for_is_malformed()
    {
        BitWriter templates = Mandatory(0b11, 0, 0).Write(0b10000, 5).Write(0, 6).Write(0, 5);
        BitWriter spatial = Mandatory(0b11, 0, 0).Write(0b10000, 5).Write(0, 6).Write(0, 5);
        for (int i = 0; i < 200; i++)
        {
            templates.Write(0, 2);
            spatial.Write(2, 2);
        }

        Assert.Equal(DependencyDescriptorStatus.Malformed, new DependencyDescriptorReader().Read(templates.ToArray(), out _));
        Assert.Equal(DependencyDescriptorStatus.Malformed, new DependencyDescriptorReader().Read(spatial.ToArray(), out _));
        BitWriter references = Mandatory(0b11, 1, 7).Write(0b0_0_0_1_0, 5);
        for (int i = 0; i < 17; i++)
        {
            references.Write(1, 2).Write(3, 4);
        }

        Assert.Equal(DependencyDescriptorStatus.Malformed, Started().Read(references.Write(0, 2).ToArray(), out _));
    }

    [Fact]
    public void Mutations_never_throw_and_reading_allocates_nothing()
    {
        DependencyDescriptorReader reader = new();
        RtpBytes.Mutate(KeyFrame(), 5, 30_000, mutated =>
        {
            if (reader.Read(mutated, out DependencyDescriptor descriptor) == DependencyDescriptorStatus.Ok)
            {
                Assert.Equal(reader.DecodeTargetCount, descriptor.Indications.Length);
                descriptor.GetFacts();
            }
        });
        byte[] key = KeyFrame();
        byte[] later = Mandatory(0b11, 3, 9).ToArray();
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            reader.Read(key, out _);
            reader.Read(later, out DependencyDescriptor descriptor);
            descriptor.GetFacts();
        }));
    }

    private static DependencyDescriptorReader Started()
    {
        DependencyDescriptorReader reader = new();
        Assert.Equal(DependencyDescriptorStatus.Ok, reader.Read(KeyFrame(), out _));
        return reader;
    }

    private static BitWriter Mandatory(int startEnd, int template, int frame) =>
        new BitWriter().Write(startEnd, 2).Write((template + Offset) % 64, 6).Write(frame, 16);

    private static byte[] KeyFrame(int? told = null)
    {
        BitWriter bits = Mandatory(0b10, 0, 0x1234).Write(told is null ? 0b1_0_0_0_0 : 0b1_1_0_0_0, 5);
        bits.Write(Offset, 6).Write(4 - 1, 5);
        bits.Write(1, 2).Write(2, 2).Write(1, 2).Write(3, 2); // next temporal, next spatial, next temporal, end
        foreach (char indication in string.Concat(Indications))
        {
            bits.Write("-DSR".IndexOf(indication, StringComparison.Ordinal), 2);
        }

        foreach (int[] references in References)
        {
            foreach (int reference in references)
            {
                bits.Write(1, 1).Write(reference - 1, 4);
            }

            bits.Write(0, 1);
        }

        bits.WriteNonSymmetric(2, 5);
        foreach (int chain in (int[])[0, 0, 1, 1])
        {
            bits.WriteNonSymmetric(chain, 2);
        }

        foreach (int chain in Chains.SelectMany(c => c))
        {
            bits.Write(chain, 4);
        }

        bits.Write(1, 1).Write(319, 16).Write(179, 16).Write(639, 16).Write(359, 16);
        return told is { } mask ? bits.Write(mask, 4).ToArray() : bits.ToArray();
    }

    // But for the targets that are being sent.
    private static string Everything(in DependencyDescriptor descriptor) =>
        $"{descriptor.IsStartOfFrame} {descriptor.IsEndOfFrame} {descriptor.FrameNumber} {descriptor.HasStructure} {descriptor.SpatialLayer} {descriptor.TemporalLayer} "
        + $"{descriptor.Width}x{descriptor.Height} {Describe(descriptor)} refs {string.Join(',', descriptor.References.ToArray())} "
        + $"chains {string.Join(',', descriptor.Chains.ToArray())} by {string.Join(',', descriptor.ProtectedBy.ToArray())}";

    private static string Describe(in DependencyDescriptor descriptor)
    {
        string text = string.Empty;
        foreach (DecodeTargetIndication indication in descriptor.Indications)
        {
            text += "-DSR"[(int)indication];
        }

        return text;
    }
}
