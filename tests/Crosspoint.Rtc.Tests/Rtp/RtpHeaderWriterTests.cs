using Crosspoint.Micro.Allocations;
using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Rtc.Tests.Rtp;

public sealed class RtpHeaderWriterTests
{
    [Fact]
    public void Short_elements_take_the_one_byte_form()
    {
        byte[] bytes = RtpBytes.Packet([(1, [0xAA]), (14, [1, 2, 3])], [7]);
        Assert.Equal("90E0FFFE12345678CAFEBABE" + "BEDE0002" + "10AAE20102030000" + "07", Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData(15, 1)]
    [InlineData(2, 0)]
    [InlineData(2, 17)]
    [InlineData(255, 255)]
    public void An_element_that_does_not_fit_turns_all_of_them_into_the_two_byte_form(int id, int length)
    {
        byte[] value = Enumerable.Range(1, length).Select(i => (byte)i).ToArray();
        byte[] bytes = RtpBytes.Packet([(1, [0xAA]), (3, [1, 2, 3]), (id, value), (4, [5])], [7]);
        Assert.True(RtpPacket.TryParse(bytes, out RtpPacket packet));
        Assert.Equal(0x10, bytes[12]);
        Assert.Equal([0xAA], Get(packet, 1));
        Assert.Equal([1, 2, 3], Get(packet, 3));
        Assert.Equal(value, Get(packet, id));
        Assert.Equal([5], Get(packet, 4));
        Assert.Equal([7], packet.Payload.ToArray());
    }

    [Fact]
    public void The_two_byte_form_is_refused_where_the_session_does_not_mix()
    {
        byte[] bytes = new byte[100];
        RtpHeaderWriter writer = new(bytes, RtpBytes.Fields, allowTwoByte: false);
        Assert.True(writer.TryAdd(1, [1]));
        Assert.False(writer.TryAdd(15, [1]));
        Assert.False(writer.TryAdd(2, new byte[17]));
        Assert.Equal(20, writer.Complete());
    }

    [Fact]
    public void Elements_that_do_not_fit_the_span_leave_the_header_sound()
    {
        for (int room = 12; room < 60; room++)
        {
            byte[] bytes = new byte[room];
            RtpHeaderWriter writer = new(bytes, RtpBytes.Fields);
            bool csrc = writer.TryAddCsrc(new(5));
            bool first = writer.TryAdd(1, [1, 2, 3]);
            bool second = writer.TryAdd(200, new byte[9]);
            int length = writer.Complete();
            Assert.InRange(length, 12, room);
            Assert.True(RtpPacket.TryParse(bytes.AsSpan(0, length), out RtpPacket packet));
            Assert.Equal(csrc ? 1 : 0, packet.CsrcCount);
            Assert.Equal(first, packet.TryGetExtension(1, out _));
            Assert.Equal(second, packet.TryGetExtension(200, out _));
        }
    }

    [Fact]
    public void Any_header_reads_back_as_it_was_written()
    {
        const int Seed = 4711;
        Random random = new(Seed);
        byte[] bytes = new byte[1500];
        for (int round = 0; round < 5000; round++)
        {
            RtpHeaderFields fields = new(new((byte)random.Next(128)), random.Next(2) == 0, new((ushort)random.Next(65536)), new((uint)random.NextInt64()), new((uint)random.NextInt64()));
            RtpHeaderWriter writer = new(bytes, fields);
            int csrcs = random.Next(16);
            for (int i = 0; i < csrcs; i++)
            {
                Assert.True(writer.TryAddCsrc(new((uint)i)));
            }

            Dictionary<int, byte[]> expected = [];
            for (int i = random.Next(6); i > 0; i--)
            {
                int id = random.Next(1, random.Next(2) == 0 ? 15 : 256);
                byte[] value = new byte[random.Next(random.Next(4) == 0 ? 60 : 17)];
                random.NextBytes(value);
                if (expected.TryAdd(id, value))
                {
                    Assert.True(writer.TryAdd(id, value), $"seed {Seed}, round {round}");
                }
            }

            int length = writer.Complete();
            Assert.True(RtpPacket.TryParse(bytes.AsSpan(0, length), out RtpPacket packet), $"seed {Seed}, round {round}");
            Assert.Equal(fields, new RtpHeaderFields(packet.PayloadType, packet.Marker, packet.SequenceNumber, packet.Timestamp, packet.Ssrc));
            Assert.Equal(csrcs, packet.CsrcCount);
            Assert.Equal(length, packet.HeaderLength);
            foreach ((int id, byte[] value) in expected)
            {
                Assert.Equal(value, Get(packet, id));
            }
        }
    }

    [Fact]
    public void Rewriting_renumbers_known_elements_and_drops_the_rest()
    {
        byte[] source = RtpBytes.Packet([(1, [0xA1]), (2, [0xA2]), (20, [0xA3])], [1, 2]);
        RtpExtensionMap map = RtpExtensionMap.Create([(1, 7), (20, 3)]);
        RtpPacket packet = RtpBytes.Parse(source);
        byte[] into = new byte[100];
        RtpHeaderWriter writer = new(into, RtpBytes.Fields with { Ssrc = new(1) });
        Assert.Equal(0, writer.CopyExtensions(packet, map));
        Assert.True(writer.TryAdd(9, "mid"u8));
        Assert.True(RtpPacket.TryParse(into.AsSpan(0, writer.Complete()), out RtpPacket rewritten));
        Assert.Equal([0xA1], Get(rewritten, 7));
        Assert.Equal([0xA3], Get(rewritten, 3));
        Assert.Equal("mid"u8.ToArray(), Get(rewritten, 9));
        Assert.False(rewritten.TryGetExtension(2, out _));
        Assert.False(rewritten.TryGetExtension(1, out _));
        Assert.Equal(0xBEDE, (into[12] << 8) | into[13]);
    }

    [Fact]
    public void Rewriting_allocates_nothing()
    {
        byte[] source = RtpBytes.Packet([(1, [0xA1]), (2, [0xA2]), (20, [0xA3])], [1, 2]);
        RtpExtensionMap map = RtpExtensionMap.Create([(1, 7), (20, 3)]);
        byte[] into = new byte[100];
        Assert.Equal(0, AllocationMeter.Count(1000, () =>
        {
            RtpPacket packet = RtpBytes.Parse(source);
            RtpHeaderWriter writer = new(into, RtpBytes.Fields);
            writer.CopyExtensions(packet, map);
            writer.TryAdd(30, "mid"u8);
            writer.Complete();
        }));
    }

    private static byte[] Get(in RtpPacket packet, int id)
    {
        Assert.True(packet.TryGetExtension(id, out ReadOnlySpan<byte> value));
        return value.ToArray();
    }
}
