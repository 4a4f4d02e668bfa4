using Crosspoint.Primitives;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Tests.Rtcp;

public sealed class TransportFeedbackTests
{
    private const string Fixed = "0000000100000002";

    // Body after the SSRCs: base, count, reference time and number, chunks, deltas, zeros. Status as "sequence@µs".
    [Theory]
    [InlineData("0005000300000102" + "2003" + "010203" + "000000", "5@64250 6@64750 7@65500")] // run of small deltas
    [InlineData("FFFF000300000002" + "0002" + "D000" + "04" + "00", "65535- 0- 1@1000")] // not received twice, then one two-bit symbol
    [InlineData("0001000E00000002" + "A001" + "0401" + "0000", "1@1000 2- 3- 4- 5- 6- 7- 8- 9- 10- 11- 12- 13- 14@1250")] // 1-bit: first and last
    [InlineData("0001000200000002" + "E400" + "0100" + "04" + "00", "1@64000 2@65000")] // two-bit: large, small
    [InlineData("000100010000FF02" + "4001" + "FFFF" + "00000000", "1@16319750")] // large negative delta
    [InlineData("00010001FFFFFF02" + "2001" + "04" + "00" + "00000000", "1@-63000")] // negative reference time
    [InlineData("0005000300000102" + "2001" + "4000" + "0000" + "2002" + "010203" + "00", "5@64250 6@64750 7@65500")] // runs of none between
    public void Chunks_and_deltas_are_read(string rest, string expected)
    {
        byte[] bytes = Packet(rest);
        Assert.True(TransportFeedback.TryParse(Single(bytes), out TransportFeedback feedback));
        Assert.Equal(expected, Describe(feedback));
    }

    [Theory]
    [InlineData("0005000000000102" + "2003" + "0102")] // nothing reported
    [InlineData("0005000300000102")] // no chunk
    [InlineData("0005000500000102" + "2003" + "0102")] // a chunk short
    [InlineData("0005000300000102" + "2003" + "0102")] // a delta short
    [InlineData("0005000200000102" + "4002" + "0102")] // half a delta short
    [InlineData("00052001000001020000" + "0000")] // more than the bound
    [InlineData("0005000300000102" + "0000" + "0000" + "00000000")] // empty runs go nowhere
    public void Feedback_that_is_not_all_there_is_refused(string rest)
    {
        Assert.False(TransportFeedback.TryParse(Single(Packet(rest)), out _));
    }

    [Fact]
    public void Any_arrivals_read_back_to_a_quarter_millisecond()
    {
        const int Seed = 77;
        Random random = new(Seed);
        byte[] into = new byte[1200];
        for (int round = 0; round < 3000; round++)
        {
            Instant[] arrivals = RandomArrivals(random);
            SequenceNumber first = new((ushort)random.Next(65536));
            RtcpWriter writer = new(into.AsSpan(0, random.Next(40, 1200)));
            int covered = TransportFeedbackWriter.TryWrite(ref writer, new(1), new(2), 3, first, arrivals);
            if (covered == 0)
            {
                Assert.Equal(0, writer.Length);
                continue;
            }

            RtcpPacket packet = Single(writer.Written);
            Assert.True(TransportFeedback.TryParse(packet, out TransportFeedback feedback), $"seed {Seed}, round {round}");
            Assert.Equal(covered, feedback.StatusCount);
            int i = 0;
            foreach (TransportFeedbackStatus status in feedback)
            {
                Assert.Equal(first + i, status.Sequence);
                Assert.Equal(!arrivals[i].IsNever, status.Received);
                if (status.Received)
                {
                    Assert.Equal(arrivals[i].Ticks / 2500, status.ReceivedAt.Ticks / 2500);
                }

                i++;
            }
        }
    }

    [Theory]
    [InlineData("AFCD0006", "00000001", "000000020007000200000101" + "20020408" + "0000FF04" /* four bytes, as RFC 3550 wants */, 2)]
    [InlineData("AFCD0005", "00000001", "000000020007000100000101" + "2001" + "0401", 1)] // libwebrtc: one, two, three
    [InlineData("AFCD0006", "00000001", "000000020007000400000101" + "2004" + "04040404" + "0002", 4)]
    [InlineData("AFCD0006", "00000001", "000000020007000300000101" + "2003" + "040404" + "000003", 3)]
    public void Feedback_filled_up_to_a_word_is_read_as_browsers_send_it(string header, string sender, string body, int received)
    {
        byte[] bytes = Convert.FromHexString(header + sender + body);
        foreach (byte[] datagram in (byte[][])[bytes, [.. bytes, .. Convert.FromHexString("81CE00020000000100000002")]])
        {
            Assert.True(RtcpReader.TryOpen(datagram, out RtcpReader reader, out RtcpDropReason reason), reason.ToString());
            Assert.True(reader.TryRead(out RtcpPacket packet));
            Assert.True(TransportFeedback.TryParse(packet, out TransportFeedback feedback));
            Span<TransportFeedbackStatus> statuses = new TransportFeedbackStatus[8];
            int count = feedback.CopyTo(statuses);
            Assert.Equal((received, (ushort)7), (count, feedback.BaseSequence.Value));
            foreach (TransportFeedbackStatus status in statuses[..count])
            {
                Assert.True(status.Received);
            }
        }
    }

    [Fact]
    public void Nothing_is_written_when_nothing_arrived()
    {
        RtcpWriter writer = new(new byte[100]);
        Assert.Equal(0, TransportFeedbackWriter.TryWrite(ref writer, new(1), new(2), 3, new(4), [Instant.Never, Instant.Never]));
        Assert.Equal(0, TransportFeedbackWriter.TryWrite(ref writer, new(1), new(2), 3, new(4), []));
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void A_pause_of_more_than_eight_seconds_ends_the_feedback()
    {
        RtcpWriter writer = new(new byte[200]);
        Instant[] arrivals = [Instant.FromMilliseconds(10), Instant.FromMilliseconds(20), Instant.FromMilliseconds(9000), Instant.FromMilliseconds(9001)];
        Assert.Equal(2, TransportFeedbackWriter.TryWrite(ref writer, new(1), new(2), 3, new(4), arrivals));
        Assert.Equal(2, TransportFeedbackWriter.TryWrite(ref writer, new(1), new(2), 4, new(6), arrivals.AsSpan(2)));
    }

    [Fact]
    public void Statuses_can_be_copied_into_a_span()
    {
        Assert.True(TransportFeedback.TryParse(Single(Packet("0005000300000102" + "2003" + "010203" + "000000")), out TransportFeedback feedback));
        TransportFeedbackStatus[] into = new TransportFeedbackStatus[2];
        Assert.Equal(2, feedback.CopyTo(into));
        Assert.Equal(new SequenceNumber(6), into[1].Sequence);
    }

    private static Instant[] RandomArrivals(Random random)
    {
        double now = random.Next(0, 10_000_000);
        int loss = random.Next(0, 100);
        bool runs = random.Next(2) == 0;
        Instant[] arrivals = new Instant[random.Next(1, 400)];
        bool lost = false;
        for (int i = 0; i < arrivals.Length; i++)
        {
            lost = runs ? (random.Next(20) == 0 ? random.Next(100) < loss : lost) : random.Next(100) < loss;
            now += random.Next(30) switch { 0 => random.Next(-50, 200), 1 => random.Next(0, 7000), _ => random.NextDouble() * 10 };
            now = Math.Max(now, 0);
            arrivals[i] = lost ? Instant.Never : Instant.FromMilliseconds(now);
        }

        return arrivals;
    }

    private static byte[] Packet(string rest)
    {
        string body = Fixed + rest;
        body += new string('0', (8 - (body.Length % 8)) % 8);
        return Convert.FromHexString($"8FCD{body.Length / 8:X4}{body}");
    }

    private static string Describe(in TransportFeedback feedback)
    {
        List<string> statuses = [];
        foreach (TransportFeedbackStatus status in feedback)
        {
            statuses.Add(status.Received ? $"{status.Sequence.Value}@{(long)status.ReceivedAt.TotalMicroseconds}" : $"{status.Sequence.Value}-");
        }

        return string.Join(' ', statuses);
    }

    private static RtcpPacket Single(ReadOnlySpan<byte> bytes)
    {
        Assert.True(RtcpReader.TryOpen(bytes, out RtcpReader reader));
        Assert.True(reader.TryRead(out RtcpPacket packet));
        return packet;
    }
}
