using Crosspoint.Media.Layers;
using Crosspoint.Primitives;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Tests.Layers;

/// <summary>The small structures of layer selection, by rows.</summary>
public class StructureTests
{
    // "timestamp:id" with bits; the number relative to the first, or - when there is none. s: 7 bits, l: 15 bits, t: by timestamp.
    [Theory]
    [InlineData("l", "0:10 1:11 2:12", "0 1 2")]
    [InlineData("l", "0:10 1:11 1:11 2:12", "0 1 1 2")] // packets of one picture
    [InlineData("l", "0:10 2:12 1:11 3:13", "0 2 1 3")] // reordered
    [InlineData("l", "0:32766 1:32767 2:0 3:1", "0 1 2 3")] // wraps
    [InlineData("s", "0:126 1:127 2:0 3:1", "0 1 2 3")]
    [InlineData("l", "0:10 5:15 4:14", "0 5 4")] // lost ones leave their place
    [InlineData("l", "0:1000 1:5 2:6", "0 512 513")] // jumps back with a newer timestamp: began anew
    [InlineData("l", "0:10 1:10 2:11", "0 512 513")] // the same id again
    [InlineData("l", "5:10 4:11", "0 -")] // older and yet later: a lie
    [InlineData("l", "5:10 5:11", "0 -")] // one moment, two pictures
    [InlineData("t", "0:0 1:0 1:0 3:0", "0 1 1 2")]
    [InlineData("t", "0:0 2:0 1:0 0:0", "0 1 - 0")] // a picture that was never seen cannot be placed
    public void Pictures_are_numbered(string kind, string packets, string expected)
    {
        PictureNumbers numbers = default;
        List<string> got = [];
        foreach (string packet in packets.Split(' '))
        {
            string[] parts = packet.Split(':');
            PictureFields fields = new(ushort.Parse(parts[1]), kind == "t" ? (byte)0 : (byte)1, kind == "l", 0, 0);
            bool isNumbered = numbers.TryNumber(new RtpTimestamp(0xFFFF_FFFE + (3000 * uint.Parse(parts[0]))), fields, out ushort number);
            got.Add(isNumbered ? number.ToString() : "-");
        }

        Assert.Equal(expected, string.Join(' ', got));
    }

    [Fact]
    public void After_a_restart_numbers_go_on_where_nothing_is_remembered()
    {
        PictureNumbers numbers = default;
        PictureFields id = new(7, 1, true, 0, 0);
        numbers.TryNumber(new(100), id, out ushort before);
        numbers.Restart();
        Assert.True(numbers.TryNumber(new(5), id, out ushort after));
        Assert.Equal(512, after - before);
    }

    // +n kept, -n dropped; then what is known of some: k, d, ? undecided, f forgotten.
    [Theory]
    [InlineData("+10 -11 +12", "9? 10k 11d 12k 13?")]
    [InlineData("+10 +14", "10k 11? 12? 13? 14k")]
    [InlineData("+10 +14 -12", "11? 12d 13?")]
    [InlineData("+65535 -0 +1", "65535k 0d 1k 2?")]
    [InlineData("+10 +265", "10k 265k 9f")]
    [InlineData("+10 -20 +266", "10f 20d 266k")]
    [InlineData("+10 +5000", "10f 4999? 4745?")]
    [InlineData("-10 +11 -10 +266 +267", "10f 11f 12?")] // a place that is used again is empty
    public void Frames_are_decided_once(string decisions, string expected)
    {
        FrameWindow window = default;
        foreach (string decision in decisions.Split(' '))
        {
            window.Decide(ushort.Parse(decision[1..]), decision[0] == '+');
        }

        foreach (string row in expected.Split(' '))
        {
            FrameFate fate = row[^1] switch { 'k' => FrameFate.Kept, 'd' => FrameFate.Dropped, 'f' => FrameFate.Forgotten, _ => FrameFate.Undecided };
            Assert.Equal((row, fate), (row, window.FateOf(ushort.Parse(row[..^1]))));
        }
    }

    // n: sent, n-: not wanted. Then the outputs, "n" for one, "n*" for one that is filled, - for none, x for too late.
    [Theory]
    [InlineData("10 11 12", "1 2 3")]
    [InlineData("10 11- 12- 13", "1 - - 2")]
    [InlineData("10 13 11 12", "1 4 2 3")] // late, wanted
    [InlineData("10 13 11- 12", "1 4 2* 3")] // late, not wanted
    [InlineData("10 11- 11 12", "1 - x 2")] // twice
    [InlineData("10 9", "1 x")] // from before
    [InlineData("10- 11", "- 1")]
    [InlineData("10 12- 13 11", "1 - 3 2")] // a free place before one that is left out
    [InlineData("65534 65535- 0 1", "1 - 2 3")]
    [InlineData("65534 1 65535- 0", "1 4 2* 3")]
    [InlineData("10 600 88 89", "1 591 x 80")] // as far back as is remembered
    public void Packets_are_placed(string packets, string expected)
    {
        OutputMap map = new(new SequenceNumber(65_000));
        List<string> got = [];
        map.Begin(new SequenceNumber(ushort.Parse(packets.Split(' ')[0].TrimEnd('-'))));
        foreach (string packet in packets.Split(' '))
        {
            Placement placement = map.Place(new SequenceNumber(ushort.Parse(packet.TrimEnd('-'))), !packet.EndsWith('-'), out SequenceNumber output);
            int number = (ushort)(output.Value - 65_000);
            got.Add(placement switch { Placement.Send => $"{number}", Placement.Fill => $"{number}*", Placement.LeaveOut => "-", _ => "x" });
        }

        Assert.Equal(expected, string.Join(' ', got));
    }

    [Fact]
    public void What_was_sent_is_found_as_long_as_it_can_be_asked_for()
    {
        OutputMap map = new(new SequenceNumber(65_300));
        map.Begin(new SequenceNumber(100));
        for (int i = 0; i < 2000; i++)
        {
            SequenceNumber input = new((ushort)(100 + i));
            if (map.Place(input, i % 3 == 0, out SequenceNumber output) == Placement.Send)
            {
                map.Note(output, new SentPacket(input, 0, 0, 0, SentFlags.Sent));
            }
        }

        int found = 0;
        for (int back = 0; back < 700; back++)
        {
            if (map.TryFind(map.HighestOutput - back, out SentPacket sent))
            {
                found++;
                Assert.Equal((ushort)(100 + 1998 - (3 * back)), sent.Input.Value);
            }
        }

        Assert.Equal(512, found);
        Assert.False(map.TryFind(map.HighestOutput.Next, out _));
    }

    [Fact]
    public void A_random_walk_gives_every_number_once_and_no_gap_but_for_loss()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            OutputMap map = new(new SequenceNumber((ushort)random.Next(65_536)));
            HashSet<ushort> given = [];
            SortedDictionary<int, bool> late = [];
            int first = random.Next(65_536);
            ushort start = map.HighestOutput.Value;
            map.Begin(new SequenceNumber((ushort)first));
            for (int i = 0; i < 5000; i++)
            {
                if (random.Next(10) == 0)
                {
                    late[i + random.Next(1, 20)] = true;
                    Place(map, given, (ushort)(first + i), random, skip: true);
                    continue;
                }

                Place(map, given, (ushort)(first + i), random, skip: false);
            }

            Assert.InRange((ushort)(map.HighestOutput.Value - start), given.Count, 5000);
        }
    }

    // A stream's pictures: k kept, d dropped, with the id that goes out for each that is kept.
    [Theory]
    [InlineData(true, "100k 101k 102k", "100 101 102")]
    [InlineData(true, "100k 101d 102k 103d 104d 105k", "100 101 102")]
    [InlineData(true, "32766k 32767d 0k 1k", "32766 32767 0")]
    [InlineData(true, "100k 103k 101k 102k", "100 103 101 102")] // ids of late ones are kept free
    [InlineData(true, "100k 101d 104k 102k 103k", "100 103 101 102")]
    [InlineData(false, "100k 101d 102k", "100 102")] // VP9 counts references by ids
    public void Picture_ids_close_over_what_was_left_out(bool closes, string pictures, string expected)
    {
        PictureRewriter rewriter = new(closes);
        List<string> got = [];
        ushort firstFrame = ushort.Parse(pictures[..^0].Split(' ')[0][..^1]);
        rewriter.Begin(new PictureFields(firstFrame, 1, true, 0, 0));
        foreach (string picture in pictures.Split(' '))
        {
            ushort id = ushort.Parse(picture[..^1]);
            FrameFacts frame = default;
            frame.Clear();
            frame.Flags = FrameFlags.Numbered;
            frame.Frame = (ushort)(5000 + ((id - firstFrame) & 0x7FFF));
            frame.Picture = new PictureFields(id, 1, true, 0, 0);
            bool keep = picture[^1] == 'k';
            rewriter.Pass(frame, keep);
            if (keep)
            {
                rewriter.Map(frame, out ushort pictureId, out _);
                got.Add(pictureId.ToString());
            }
        }

        Assert.Equal(expected, string.Join(' ', got));
    }

    [Theory]
    [InlineData(100, 5, 7, 101, 6)]
    [InlineData(0x7FFF, 255, 7, 0, 0)]
    public void Another_stream_goes_on_with_the_next_id(ushort lastId, byte lastTl0, ushort newId, ushort expectedId, byte expectedTl0)
    {
        PictureRewriter rewriter = new(true);
        Map(ref rewriter, 1, lastId, lastTl0, out _, out _);
        rewriter.Begin(new PictureFields(newId, 1, true, 77, 3));
        Assert.True(Map(ref rewriter, 900, newId, 77, out ushort id, out byte tl0));
        Assert.Equal((expectedId, expectedTl0), (id, tl0));
    }

    [Theory]
    [InlineData("90E0 8123 05 20 00", true, 0x7ABC, 9, "90E0FABC0920")] // 15 bits and TL0PICIDX, with TID and Y behind them
    [InlineData("90C0 11 05 00", false, 0x7ABC, 9, "90C03C09")] // 7 bits
    [InlineData("9080 11 00", false, 0x0101, 9, "908001")] // no TL0PICIDX
    [InlineData("9040 05 00", false, 5, 9, "904009")] // no picture id
    public void Fields_are_written_in_the_width_that_was_there(string payload, bool isLong, ushort id, byte tl0, string expected)
    {
        byte[] bytes = Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal));
        PictureFields fields = PictureFields.Read(Rtc.Rtp.Payload.PayloadFormat.Vp8, bytes);
        Assert.Equal(isLong, fields.IsPictureIdLong);
        byte[] into = new byte[16];
        Assert.Equal(expected, Convert.ToHexString(into, 0, fields.Write(bytes, id, tl0, into)));
    }

    [Theory]
    [InlineData("A8 9123 4205 00", "0123", 0x05, "A8808B42FF")] // 15 bits, layers, not flexible
    [InlineData("B8 9123 42 00", "0123", 0, "B8808B")] // flexible: no TL0PICIDX
    [InlineData("A8 11 4205 00", "11", 0x05, "A80B42FF")] // 7 bits
    public void Vp9_fields_stand_where_the_descriptor_says(string payload, string id, byte tl0, string expected)
    {
        byte[] bytes = Convert.FromHexString(payload.Replace(" ", "", StringComparison.Ordinal));
        PictureFields fields = PictureFields.Read(Rtc.Rtp.Payload.PayloadFormat.Vp9, bytes);
        Assert.Equal((Convert.ToInt32(id, 16) | (fields.IsPictureIdLong ? 0x1000 : 0), tl0), (fields.PictureId, fields.Tl0));
        byte[] into = new byte[16];
        Assert.Equal(expected, Convert.ToHexString(into, 0, fields.Write(bytes, 0x8B, 0xFF, into)));
    }

    [Fact]
    public void Rates_count_what_a_layer_needs_and_no_more()
    {
        LayerMeter meter = default;
        TimeSpan silence = TimeSpan.FromMilliseconds(500);
        Instant now = Instant.FromMilliseconds(5000);
        for (int i = 0; i < 300; i++, now += TimeSpan.FromMilliseconds(10))
        {
            // S0T0 is needed by all; S1T0 and S1T1 by nobody above.
            meter.Add(now, Frame(0, 0, LayerMask.All), 100);
            meter.Add(now, Frame(1, 0, LayerMask.Row(1, 0)), 200);
            meter.Add(now, Frame(1, 1, LayerMask.Row(1, 1)), 50);
        }

        Assert.Equal(80, meter.RateOf(now, new(0, 0)).KilobitsPerSecond, 4.0);
        Assert.Equal(80, meter.RateOf(now, new(0, 7)).KilobitsPerSecond, 4.0);
        Assert.Equal(240, meter.RateOf(now, new(1, 0)).KilobitsPerSecond, 12.0);
        Assert.Equal(280, meter.RateOf(now, new(1, 1)).KilobitsPerSecond, 14.0);
        Assert.Equal(1, meter.HighestAlive);

        // S1 stops: half a second later it is dead, a second later its bytes are forgotten.
        for (int i = 0; i < 150; i++, now += TimeSpan.FromMilliseconds(10))
        {
            meter.Add(now, Frame(0, 0, LayerMask.All), 100);
        }

        meter.NoteAlive(now, silence);
        Assert.Equal(0, meter.HighestAlive);
        Assert.False(meter.IsAlive(now, 1, silence));
        Assert.Equal(80, meter.RateOf(now, new(1, 1)).KilobitsPerSecond, 4.0);
        Assert.InRange(meter.RateOf(now + TimeSpan.FromSeconds(20), new(0, 0)).KilobitsPerSecond, 0, 10);
    }

    [Fact]
    public void A_keyframe_is_counted_over_the_seconds_after_it()
    {
        LayerMeter meter = default;
        Instant now = Instant.FromMilliseconds(1);
        List<double> rates = [];
        for (int i = 0; i < 1500; i++, now += TimeSpan.FromMilliseconds(10))
        {
            // 80 kbit/s, and after three seconds a keyframe in five packets, of which only the first says so: half a second's worth.
            FrameFacts facts = Frame(0, 0, LayerMask.All);
            facts.Flags = FrameFlags.BeginsPicture | (i == 300 ? FrameFlags.KeyFrame : FrameFlags.None);
            meter.Add(now, facts, i == 300 ? 1000 : 100);
            for (int part = 0; part < 4 && i == 300; part++)
            {
                meter.Add(now, Frame(0, 0, LayerMask.All), 1000);
            }

            rates.Add(meter.RateOf(now, new(0, 0)).KilobitsPerSecond);
        }

        Assert.InRange(rates[290], 76, 84);
        Assert.InRange(rates.Skip(300).Max(), 82, 86);
        Assert.InRange(rates[1499], 78, 83);
    }

    [Fact]
    public void How_a_layer_begins_says_nothing_of_its_rate()
    {
        LayerMeter meter = default;
        Instant now = Instant.FromMilliseconds(1);
        List<double> measured = [];
        for (int i = 0; i < 100; i++, now += TimeSpan.FromMilliseconds(10))
        {
            meter.Add(now, Frame(0, 0, LayerMask.All), 100);
            if (meter.IsMeasured(0))
            {
                measured.Add(now.TotalMilliseconds);
            }
        }

        Assert.InRange(measured[0], 500, 515);
        Assert.False(meter.IsMeasured(1));
    }

    [Fact]
    public void A_stream_that_stops_for_a_second_begins_anew()
    {
        LayerMeter meter = default;
        Instant now = Instant.FromMilliseconds(1);
        for (int i = 0; i < 400; i++, now += TimeSpan.FromMilliseconds(10))
        {
            meter.Add(now, Frame(0, 0, LayerMask.All), 100);
        }

        now += TimeSpan.FromSeconds(2);
        Assert.Equal(0, meter.RateOf(now, new(0, 0)).BitsPerSecond);
        for (int i = 0; i < 100; i++, now += TimeSpan.FromMilliseconds(10))
        {
            meter.Add(now, Frame(0, 0, LayerMask.All), 500);
        }

        Assert.Equal(400, meter.RateOf(now, new(0, 0)).KilobitsPerSecond, 20.0);
    }

    [Fact]
    public void A_stream_in_KEY_mode_costs_a_layer_its_own_frames_only()
    {
        LayerMeter meter = default;
        Instant now = Instant.FromMilliseconds(1);
        for (int i = 0; i < 200; i++, now += TimeSpan.FromMilliseconds(10))
        {
            meter.Add(now, Frame(0, 0, LayerMask.Row(0, 0)), 100);
            meter.Add(now, Frame(1, 0, LayerMask.Row(1, 0)), 200);
        }

        Assert.Equal(80, meter.RateOf(now, new(0, 0)).KilobitsPerSecond, 4.0);
        Assert.Equal(160, meter.RateOf(now, new(1, 0)).KilobitsPerSecond, 8.0);
    }

    private static FrameFacts Frame(byte spatial, byte temporal, uint present)
    {
        FrameFacts facts = default;
        facts.Clear();
        (facts.Spatial, facts.Temporal, facts.Present) = (spatial, temporal, present);
        return facts;
    }

    private static bool Map(ref PictureRewriter rewriter, ushort number, ushort id, byte tl0, out ushort pictureId, out byte newTl0)
    {
        FrameFacts frame = default;
        frame.Clear();
        (frame.Flags, frame.Frame, frame.Picture) = (FrameFlags.Numbered, number, new PictureFields(id, 1, true, tl0, 3));
        rewriter.Pass(frame, keep: true);
        return rewriter.Map(frame, out pictureId, out newTl0);
    }

    private static void Place(OutputMap map, HashSet<ushort> given, ushort input, Random random, bool skip)
    {
        if (skip)
        {
            return;
        }

        Placement placement = map.Place(new SequenceNumber(input), random.Next(3) > 0, out SequenceNumber output);
        if (placement is Placement.Send or Placement.Fill)
        {
            Assert.True(given.Add(output.Value));
        }
    }
}
