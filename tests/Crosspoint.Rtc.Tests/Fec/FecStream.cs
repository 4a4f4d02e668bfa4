using Crosspoint.Primitives;
using Crosspoint.Rtc.Fec;
using Crosspoint.Rtc.Rtp;
using Crosspoint.Rtc.Streams;
using Crosspoint.Rtc.Tests.Rtp;

namespace Crosspoint.Rtc.Tests.Fec;

/// <summary>A protected stream: packets of many shapes from a seed, and the repair packets made of them.</summary>
internal sealed class FecStream : IDisposable
{
    public const byte SendTimeId = 4;
    public static readonly Ssrc Source = new(0xCAFE_BABE);
    public static readonly FecMutableExtensions Mutable = new(SendTimeId, 0);

    private readonly Random _random;
    private readonly FlexFecEncoder _encoder;
    private readonly byte[] _scratch = new byte[1500];
    private ushort _sequence;
    private Instant _now;

    public FecStream(int seed, FecProtection protection, ushort first = 65500)
    {
        _random = new Random(seed);
        _sequence = first;
        _encoder = new FlexFecEncoder(Source, Pool, Mutable) { Protection = protection };
    }

    public PacketBlockPool Pool { get; } = new(256);

    public FlexFecEncoder Encoder => _encoder;

    /// <summary>The next packet; a repair packet that it completes is null otherwise.</summary>
    public byte[] Next(out byte[]? repair)
    {
        byte[] payload = new byte[_random.Next(4) == 0 ? 1180 : _random.Next(1, 1180)];
        _random.NextBytes(payload);
        byte[] time = new byte[3];
        _random.NextBytes(time);
        (int, byte[])[] extensions = _random.Next(3) == 0 ? [] : [(1, [0x30]), (SendTimeId, time)];
        RtpHeaderFields fields = new(new(101), _random.Next(2) == 0, new(_sequence++), new((uint)_random.Next()), Source);
        byte[] packet = RtpBytes.Packet(extensions, payload, fields);
        _now += TimeSpan.FromMilliseconds(5);
        repair = Add(packet, payload.Length);
        return packet;
    }

    /// <summary>What a receiver gets back: the packet with zeros where the send time was.</summary>
    public static byte[] AsRecovered(byte[] packet)
    {
        byte[] copy = [.. packet];
        if (RtpBytes.Parse(copy).HasExtension)
        {
            copy.AsSpan(12 + 4 + 2 + 1, 3).Clear();
        }

        return copy;
    }

    public void Dispose() => _encoder.Dispose();

    // In three parts, as a packet with a rewritten descriptor goes out.
    private byte[]? Add(byte[] packet, int payloadLength)
    {
        int header = packet.Length - payloadLength;
        int prefix = Math.Min(payloadLength, _random.Next(6));
        ReadOnlySpan<byte> bytes = packet;
        bool ready = _encoder.Add(_now, RtpBytes.Parse(packet).SequenceNumber, bytes[..header], bytes.Slice(header, prefix), bytes[(header + prefix)..]);
        return ready ? _scratch[.._encoder.Take(_scratch)] : null;
    }
}
