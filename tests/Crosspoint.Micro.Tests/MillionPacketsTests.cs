using Crosspoint.Micro.Allocations;
using Crosspoint.Micro.Support;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Srtp;
using Xunit.Abstractions;

namespace Crosspoint.Micro.Tests;

/// <summary>The way of a packet from the router to the send batch, a million times, with late packets and NACKs on the way.</summary>
public class MillionPacketsTests(ITestOutputHelper output)
{
    private const int Consumers = 50;
    private const int PacketsIn = 1_000_000 / Consumers;
    private const int WarmUp = 2000;
    private const int Turn = 5;

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm, SrtpEngine.Auto)]
    [InlineData(SrtpProfile.AeadAes128Gcm, SrtpEngine.OpenSsl)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, SrtpEngine.Auto)]
    public void A_million_forwarded_and_protected_packets_allocate_nothing(SrtpProfile profile, SrtpEngine engine)
    {
        SendBatch batch = new(256, 256 * 1500);
        using SrtpBatch crypto = new();
        List<ProtectingSink> sinks = [];
        using MicroRoom room = new(Consumers, index =>
        {
            sinks.Add(new ProtectingSink(MicroKeys.Protector(profile, index, engine), batch, crypto, TransportAddress.FromIPv4(0x0A00_0001, (ushort)(1000 + index))));
            return sinks[^1];
        });
        Forward(WarmUp);
        long packets = 0;
        int failures = 0;

        long allocated = AllocationMeter.Count(() =>
        {
            packets = -Total(sinks);
            failures += Forward(PacketsIn);
            packets += Total(sinks);
        });

        output.WriteLine($"{profile}, {SrtpEngineChoice.Of(engine).Name}");
        Assert.Equal(0, allocated);
        Assert.Equal(0, failures);
        Assert.Equal(1_000_000, packets);
        sinks.ForEach(sink => sink.Dispose());

        // Turns of five packets; in each, two change places.
        int Forward(int count)
        {
            int failed = 0;
            for (int i = 0; i < count; i += Turn)
            {
                room.ForwardSwapped();
                room.Forward();
                room.Forward();
                room.Forward();
                failed += crypto.Complete();
                batch.Clear();
            }

            return failed;
        }
    }

    private static long Total(List<ProtectingSink> sinks)
    {
        long total = 0;
        foreach (ProtectingSink sink in sinks)
        {
            total += sink.Packets;
        }

        return total;
    }
}
