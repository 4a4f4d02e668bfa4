using Crosspoint.Rtc.Srtp;
using Crosspoint.Rtc.Tests.Crypto;
using static Crosspoint.Rtc.Tests.Srtp.SrtpTestKeys;

namespace Crosspoint.Rtc.Tests.Srtp;

/// <summary>libipsec-mb against OpenSSL: the same packets, byte for byte.</summary>
public class SrtpEngineDifferentialTests
{
    private const int Room = 1700;

    public static TheoryData<SrtpProfile> Profiles => AllProfiles;

    [IpsecMbTheory]
    [MemberData(nameof(Profiles))]
    public void Every_payload_length_comes_out_the_same_and_opens_again(SrtpProfile profile)
    {
        using var sides = new Sides(profile, keys: 7);
        for (var length = 0; length <= 1500; length++)
        {
            sides.Add(headerLength: 12 + (length % 19 * 4), payloadLength: length, inPlace: length % 2 == 0);
            if (sides.Count == 64 || length == 1500)
            {
                sides.CompleteAndCompare();
            }
        }
    }

    [IpsecMbTheory]
    [MemberData(nameof(Profiles))]
    public void Batches_of_every_size_of_mixed_keys_and_lengths_come_out_the_same(SrtpProfile profile)
    {
        using var sides = new Sides(profile, keys: 23);
        for (var size = 1; size <= 200; size++)
        {
            for (var i = 0; i < size; i++)
            {
                sides.Add(12 + (4 * sides.Random.Next(20)), sides.Random.Next(4) == 0 ? sides.Random.Next(40) : sides.Random.Next(1501), sides.Random.Next(2) == 0);
            }

            sides.CompleteAndCompare();
        }
    }

    [IpsecMbTheory]
    [MemberData(nameof(Profiles))]
    public void Longer_than_any_datagram_comes_out_the_same(SrtpProfile profile)
    {
        var (mine, _) = Pair(profile);
        var (theirs, _) = Pair(profile, new SrtpOptions { Engine = SrtpEngine.OpenSsl });
        using var batch = new SrtpBatch();
        var payload = GC.AllocateArray<byte>(60_000, pinned: true);
        new Random(3).NextBytes(payload);
        var sequence = 0;
        foreach (var length in new[] { 2_048, 8_192, 16_300, 16_384, 32_768, 60_000 })
        {
            var (a, b) = (GC.AllocateArray<byte>(65_000, pinned: true), new byte[65_000]);
            Header(++sequence).CopyTo(a, 0);
            var written = mine.ProtectRtp(batch, a, 12, payload.AsSpan(0, length));
            Assert.Equal(0, batch.Complete());
            Assert.Equal(written, theirs.ProtectRtp(Header(sequence), payload.AsSpan(0, length), b));
            Assert.Equal(b, a);
        }
    }

    private sealed class Sides : IDisposable
    {
        private readonly SrtpProfile _profile;
        private readonly SrtpBatch _batch = new();
        private readonly (SrtpProtector Mine, SrtpProtector Theirs, SrtpUnprotector Opens)[] _keys;
        private readonly byte[] _packets = GC.AllocateArray<byte>(256 * Room, pinned: true);
        private readonly byte[] _payloads = GC.AllocateArray<byte>(256 * Room, pinned: true);
        private readonly List<(byte[] Plain, int HeaderLength, int Length, int Key, byte[] Expected)> _added = [];
        private int _sequence;

        public Sides(SrtpProfile profile, int keys)
        {
            _profile = profile;
            _keys = [.. Enumerable.Range(0, keys).Select(seed =>
            {
                using var master = Master(profile, seed);
                return (new SrtpProtector(master), new SrtpProtector(master, new SrtpOptions { Engine = SrtpEngine.OpenSsl }), new SrtpUnprotector(master));
            })];
        }

        public Random Random { get; } = new(31);

        public int Count => _added.Count;

        public void Add(int headerLength, int payloadLength, bool inPlace)
        {
            var plain = new byte[headerLength + payloadLength];
            Random.NextBytes(plain);
            Header(++_sequence & 0xffff).CopyTo(plain, 0);
            var key = Random.Next(_keys.Length);
            var packet = _packets.AsSpan(Count * Room, Room);
            packet.Clear();
            plain.AsSpan(0, headerLength).CopyTo(packet);
            var payload = inPlace ? packet.Slice(headerLength, payloadLength) : _payloads.AsSpan(Count * Room, payloadLength);
            plain.AsSpan(headerLength).CopyTo(payload);
            var length = _keys[key].Mine.ProtectRtp(_batch, packet, headerLength, payload);

            var expected = new byte[Room];
            Assert.Equal(length, _keys[key].Theirs.ProtectRtp(plain.AsSpan(0, headerLength), plain.AsSpan(headerLength), expected));
            _added.Add((plain, headerLength, length, key, expected));
        }

        public void CompleteAndCompare()
        {
            Assert.Equal(0, _batch.Complete());
            Assert.Equal(0, _batch.Pending);
            for (var i = 0; i < Count; i++)
            {
                var (plain, headerLength, length, key, expected) = _added[i];
                var packet = _packets.AsSpan(i * Room, Room);
                Assert.True(packet.SequenceEqual(expected), $"{_profile}, header {headerLength}, payload {plain.Length - headerLength}, packet {i} of {Count}: differs at {packet.CommonPrefixLength(expected)}");
                Assert.Equal(SrtpResult.Ok, _keys[key].Opens.UnprotectRtp(packet[..length], headerLength, out var plainLength));
                Assert.True(packet[..plainLength].SequenceEqual(plain));
            }

            _added.Clear();
        }

        public void Dispose()
        {
            _batch.Dispose();
            foreach (var (mine, theirs, opens) in _keys)
            {
                mine.Dispose();
                theirs.Dispose();
                opens.Dispose();
            }
        }
    }
}
