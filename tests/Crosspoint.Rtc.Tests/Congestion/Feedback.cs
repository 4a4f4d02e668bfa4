using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Tests.Congestion;

/// <summary>Writes feedback as it comes from the wire and hands it to what is tested.</summary>
internal static class Feedback
{
    public delegate void Taker(in TransportFeedback feedback);

    /// <param name="first">Number of the first arrival.</param>
    /// <param name="count">Number of the feedback.</param>
    /// <param name="arrivals">In ms; negative for missing.</param>
    /// <param name="take">Gets it.</param>
    public static void Give(int first, int count, double[] arrivals, Taker take)
    {
        RtcpWriter writer = new(new byte[8000]);
        Instant[] instants = [.. arrivals.Select(ms => ms < 0 ? Instant.Never : Instant.FromMilliseconds(ms))];
        Assert.Equal(arrivals.Length, TransportFeedbackWriter.TryWrite(ref writer, new(1), new(2), (byte)count, new((ushort)first), instants));
        Parse(writer.Written, take);
    }

    public static void Parse(ReadOnlySpan<byte> bytes, Taker take)
    {
        Assert.True(RtcpReader.TryOpen(bytes, out RtcpReader reader));
        while (reader.TryRead(out RtcpPacket packet))
        {
            Assert.True(TransportFeedback.TryParse(packet, out TransportFeedback feedback));
            take(feedback);
        }
    }
}
