using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;

namespace Crosspoint.Rtc.Tests.Dtls;

/// <summary>The process's memory is measured, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(DtlsMemoryTests), DisableParallelization = true)]
public class AloneCollection;

[Collection(nameof(DtlsMemoryTests))]
public class DtlsMemoryTests
{
    [Fact]
    public void A_thousand_handshakes_leave_nothing_behind_in_native_memory()
    {
        Handshakes(200); // what OpenSSL and the runtime keep for good, they have by now
        var before = ResidentBytes();
        Handshakes(1000);
        var grown = ResidentBytes() - before;
        Assert.True(grown < 20 << 20, $"grown by {grown >> 10} KiB over 1,000 handshakes: leaking one session each would be more than 60,000 KiB");
    }

    [Fact]
    public void A_server_that_waits_for_a_client_hello_costs_little()
    {
        const int Count = 10_000;
        var before = ResidentBytes();
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        var sessions = new DtlsSession[Count];
        for (var i = 0; i < Count; i++)
        {
            sessions[i] = new DtlsSession(DtlsPair.ServerIdentity);
            sessions[i].Start(Instant.Zero, DtlsRole.Server);
        }

        var perSession = (GC.GetTotalMemory(forceFullCollection: true) - managed) / Count;
        Assert.True(perSession < 2048, $"{perSession} bytes each");
        Assert.True(ResidentBytes() - before < 64 << 20);
        foreach (var session in sessions)
        {
            session.Dispose();
        }
    }

    [Fact]
    public void A_server_with_a_client_hello_and_nothing_more_stays_under_96_kib()
    {
        const int Count = 500;
        using var pair = new DtlsPair();
        var hello = DtlsHostileInputTests.CaptureHello(pair);
        var buffer = new byte[2048];
        var before = ResidentBytes();
        var sessions = new List<DtlsSession>();
        for (var i = 0; i < Count; i++)
        {
            var session = new DtlsSession(DtlsPair.ServerIdentity);
            session.Start(Instant.Zero, DtlsRole.Server);
            session.Handle(Instant.Zero, hello);
            while (session.TryTransmit(Instant.Zero, buffer, out _))
            {
            }

            sessions.Add(session);
        }

        var each = (ResidentBytes() - before) / Count;
        Assert.True(each < 96 * 1024, $"{each} bytes each");
        sessions.ForEach(s => s.Dispose());
    }

    private static void Handshakes(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var pair = new DtlsPair(seed: i).ExchangeFingerprints().Start();
            Assert.True(pair.Connect());
            if (i % 2 == 0)
            {
                pair.Client.Close(pair.Now);
            }
        }
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
