using Crosspoint.Rtc.Fec;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;
using Crosspoint.Rtc.Tests.Rtp;

namespace Crosspoint.Rtc.Tests.Fec;

public sealed class FlexFecHostileTests
{
    [Fact]
    public void A_repair_packet_counts_once_and_only_near_the_stream_and_only_for_its_stream()
    {
        using FecStream stream = new(3, new FecProtection(2, 1), first: 1000);
        using FlexFecDecoder decoder = new(FecStream.Source, stream.Pool, FecStream.Mutable, new());
        stream.Next(out _);
        stream.Next(out byte[]? repair);
        Assert.Equal(FlexFecDropReason.None, decoder.HandleRepair(repair!));
        Assert.Equal(FlexFecDropReason.Duplicate, decoder.HandleRepair(repair!));
        decoder.HandleMedia(Packet(20_000, [1]));
        Assert.Equal(FlexFecDropReason.OutOfWindow, decoder.HandleRepair(repair!));
        byte[] foreign = [.. repair!];
        foreign[12] ^= 1;
        Assert.Equal(FlexFecDropReason.UnknownSource, decoder.HandleRepair(foreign));
    }

    [Fact]
    public void A_parity_of_nonsense_recovers_nothing_and_is_counted()
    {
        using FlexFecDecoder decoder = new(FecStream.Source, new PacketBlockPool(), FecStream.Mutable, new());
        decoder.HandleMedia(Packet(10, [1, 2, 3]));

        // Protects 10 and 11 and says that 11 is longer than the parity.
        Assert.Equal(FlexFecDropReason.None, decoder.HandleRepair(Convert.FromHexString("0065FFFF00000FA001000000CAFEBABE000AE000" + "0102")));
        Assert.Equal(new FlexFecStatistics(1, 0, 0, 0, 1), decoder.GetStatistics());
    }

    [Fact]
    public void Memory_stays_within_bounds_and_everything_is_given_back_whatever_comes()
    {
        const int Seed = 99;
        PacketBlockPool pool = new(1024);
        using FecStream stream = new(Seed, new FecProtection(3, 2));
        FlexFecDecoder decoder = new(FecStream.Source, pool, FecStream.Mutable, new() { MaxRepairs = 8 });
        Random random = new(Seed);
        byte[] into = new byte[1500];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packet = stream.Next(out byte[]? repair);
            Corrupt(random, packet);
            decoder.HandleMedia(packet);
            if (repair is not null)
            {
                Corrupt(random, repair);
                decoder.HandleRepair(repair.AsSpan(0, random.Next(repair.Length + 1)));
                decoder.HandleRepair(repair);
            }

            while (decoder.TryTake(into, out int length))
            {
                Assert.True(RtpPacket.TryParse(into.AsSpan(0, length), out RtpPacket recovered));
                Assert.Equal(FecStream.Source, recovered.Ssrc);
            }

            Assert.InRange(pool.InUse, 0, 128 + 8);
        }

        decoder.Dispose();
        Assert.Equal(0, pool.InUse);
    }

    private static void Corrupt(Random random, byte[] bytes)
    {
        if (random.Next(4) == 0)
        {
            bytes[random.Next(Math.Min(bytes.Length, 40))] = (byte)random.Next(256);
        }
    }

    private static byte[] Packet(ushort sequence, byte[] payload) =>
        RtpBytes.Packet([], payload, new RtpHeaderFields(new(101), false, new(sequence), new(0), FecStream.Source));
}
