using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Crosspoint.Rtc.Tests.Rtp;

/// <summary>A capture and what an analyser said of each of its packets.</summary>
internal static partial class Capture
{
    // Ethernet, IPv4 without options, UDP.
    public const int Overhead = 14 + 20 + 8;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Vectors", "rtp");

    /// <summary>One packet: the RTP bytes, and the analyser's line taken apart.</summary>
    internal sealed record Packet(byte[] Rtp, int FrameSize, uint Ssrc, ushort Sequence, uint Timestamp, bool Marker, string Line);

    public static List<Packet> Read(string name)
    {
        List<byte[]> frames = ReadFrames(File.ReadAllBytes(Path.Combine(Folder, name + ".pcap")));
        string[] lines = File.ReadAllLines(Path.Combine(Folder, name + ".txt"));
        Assert.InRange(lines.Length, 100, frames.Count);
        List<Packet> packets = [];
        for (int i = 0; i < lines.Length; i++)
        {
            Match match = Line().Match(lines[i]);
            Assert.True(match.Success, lines[i]);
            packets.Add(new Packet(
                frames[i][Overhead..],
                int.Parse(match.Groups["size"].Value),
                uint.Parse(match.Groups["ssrc"].Value, NumberStyles.HexNumber),
                ushort.Parse(match.Groups["seq"].Value),
                uint.Parse(match.Groups["time"].Value),
                lines[i].Contains(", Mark", StringComparison.Ordinal),
                lines[i]));
        }

        return packets;
    }

    // Global header of 24 bytes, then per packet: seconds, microseconds, captured length, original length. Little endian.
    private static List<byte[]> ReadFrames(byte[] file)
    {
        Assert.Equal(0xA1B2C3D4u, BinaryPrimitives.ReadUInt32LittleEndian(file));
        List<byte[]> frames = [];
        for (int at = 24; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 8));
            frames.Add(file[(at + 16)..(at + 16 + length)]);
            at += 16 + length;
        }

        return frames;
    }

    [GeneratedRegex(@"^\d+\s+[\d.]+\s+.*?\s+(?<size>\d+)\s*PT=\S+, SSRC=0x(?<ssrc>[0-9A-F]+), Seq=(?<seq>\d+), Time=(?<time>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}
