using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;

namespace Crosspoint.Rtc.Tests.Dtls;

public class DtlsHostileInputTests
{
    [Fact]
    public void A_server_answers_nothing_but_a_client_hello()
    {
        using var pair = new DtlsPair();
        byte[] hello;
        using (var other = new DtlsPair())
        {
            hello = CaptureHello(other);
        }

        pair.Inject(pair.Server, hello);
        Assert.Equal(1, pair.Server.Counters[DtlsDropReason.NotStarted]);
        pair.Server.Start(pair.Now, DtlsRole.Server);
        var notHello = hello.ToArray();
        notHello[13] = 2;
        pair.Inject(pair.Server, notHello);
        pair.Inject(pair.Server, hello[..^1]);
        pair.Inject(pair.Server, []);
        pair.Inject(pair.Server, new byte[20000]);
        Assert.Equal(1, pair.Server.Counters[DtlsDropReason.NotClientHello]);
        Assert.Equal(2, pair.Server.Counters[DtlsDropReason.Malformed]);
        Assert.Equal(1, pair.Server.Counters[DtlsDropReason.TooLarge]);
        Assert.Empty(pair.Sent);
        pair.Inject(pair.Server, hello);
        Assert.NotEmpty(pair.Sent);
    }

    [Fact]
    public void Mutated_client_hellos_never_throw_nor_connect()
    {
        byte[] hello;
        using (var pair = new DtlsPair())
        {
            hello = CaptureHello(pair);
        }

        for (var seed = 0; seed < 400; seed++)
        {
            using var server = new DtlsSession(DtlsPair.ServerIdentity);
            server.Start(Instant.Zero, DtlsRole.Server);
            server.Handle(Instant.Zero, Mutate(hello, new Random(seed)));
            server.HandleTimeout(server.NextTimeout);
            Assert.True(server.State is DtlsState.Connecting or DtlsState.Failed, $"seed {seed}: {server.State}");
        }
    }

    [Fact]
    public void Mutation_of_any_datagram_of_a_handshake_never_throws_and_never_gives_different_keys()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            using var pair = new DtlsPair(seed: seed).ExchangeFingerprints();
            pair.Tap = (_, bytes) => random.Next(4) == 0 ? Mutate(bytes, random) : bytes;
            pair.Start();
            if (pair.Connect())
            {
                DtlsHandshakeTests.AssertSameKeys(pair);
            }
            else
            {
                Assert.False(pair.Client.State == DtlsState.Connected && pair.Server.State == DtlsState.Connected, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Garbage_thrown_in_does_not_hurt_a_connected_session()
    {
        using var pair = new DtlsPair().ExchangeFingerprints().Start();
        Assert.True(pair.Connect());
        for (var seed = 0; seed < 4000; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(8) == 0 ? random.Next(14, 60) : random.Next(1, 1500)];
            random.NextBytes(bytes);
            if (seed % 2 == 0 && bytes.Length > 13)
            {
                bytes[0] = (byte)random.Next(20, 26);
                (bytes[1], bytes[2], bytes[3], bytes[4]) = (0xFE, 0xFD, 0, (byte)random.Next(3));
                (bytes[11], bytes[12]) = ((byte)((bytes.Length - 13) >> 8), (byte)(bytes.Length - 13));
            }

            pair.Inject(seed % 4 < 2 ? pair.Server : pair.Client, bytes);
        }

        Assert.Equal((DtlsState.Connected, DtlsState.Connected), (pair.Client.State, pair.Server.State));
        Assert.True(pair.Client.TrySendApplicationData("still here"u8));
        Assert.True(pair.RunUntil(() => pair.ServerEvents.Exists(e => e.Kind == DtlsEventKind.ApplicationDataAvailable)));
    }

    [Fact]
    public void Encrypted_records_ahead_of_the_handshake_are_taken_only_a_few()
    {
        using var pair = new DtlsPair();
        var hello = CaptureHello(pair);
        pair.Server.Start(pair.Now, DtlsRole.Server);
        pair.Inject(pair.Server, hello);
        var early = new byte[13 + 40];
        (early[0], early[1], early[2], early[4], early[12]) = (22, 0xFE, 0xFD, 1, 40);
        for (var i = 0; i < 100; i++)
        {
            early[10] = (byte)i;
            pair.Inject(pair.Server, early);
        }

        Assert.Equal(100 - 16, pair.Server.Counters[DtlsDropReason.TooManyEarlyRecords]);
    }

    internal static byte[] CaptureHello(DtlsPair pair)
    {
        using var client = new DtlsSession(DtlsPair.ClientIdentity);
        client.Start(pair.Now, DtlsRole.Client);
        var buffer = new byte[2048];
        Assert.True(client.TryTransmit(pair.Now, buffer, out var length));
        return buffer[..length];
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var mutated = bytes.ToArray();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
        }

        return random.Next(5) == 0 ? mutated[..random.Next(mutated.Length)] : mutated;
    }
}
