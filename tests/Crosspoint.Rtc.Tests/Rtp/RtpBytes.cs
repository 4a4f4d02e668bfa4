using Crosspoint.Rtc.Rtp;

namespace Crosspoint.Rtc.Tests.Rtp;

/// <summary>Packets and mutations for the tests of this folder.</summary>
internal static class RtpBytes
{
    public static readonly RtpHeaderFields Fields = new(new(96), true, new(0xFFFE), new(0x1234_5678), new(0xCAFE_BABE));

    public static byte[] Packet(ReadOnlySpan<(int Id, byte[] Value)> extensions, ReadOnlySpan<byte> payload, RtpHeaderFields? fields = null)
    {
        byte[] bytes = new byte[1500];
        RtpHeaderWriter writer = new(bytes, fields ?? Fields);
        foreach ((int id, byte[] value) in extensions)
        {
            Assert.True(writer.TryAdd(id, value));
        }

        int header = writer.Complete();
        payload.CopyTo(bytes.AsSpan(header));
        return bytes[..(header + payload.Length)];
    }

    public static RtpPacket Parse(ReadOnlySpan<byte> bytes) =>
        RtpPacket.TryParse(bytes, out RtpPacket packet) ? packet : throw new InvalidOperationException("not RTP");

    /// <summary>Runs an action over every prefix and over random mutations of some bytes. The copy is exactly as long as the bytes, so reading outside throws.</summary>
    public static void Mutate(ReadOnlySpan<byte> bytes, int seed, int rounds, Action<byte[]> action)
    {
        for (int length = 0; length <= bytes.Length; length++)
        {
            action(bytes[..length].ToArray());
        }

        Random random = new(seed);
        for (int round = 0; round < rounds; round++)
        {
            byte[] copy = bytes[..random.Next(bytes.Length + 1)].ToArray();
            for (int flips = random.Next(1, 6); flips > 0 && copy.Length > 0; flips--)
            {
                copy[random.Next(copy.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
            }

            try
            {
                action(copy);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}: {Convert.ToHexString(copy)}", e);
            }
        }
    }
}
