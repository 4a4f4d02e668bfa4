using Crosspoint.Micro.Allocations;
using Crosspoint.Net.Tcp;

namespace Crosspoint.Net.Tests;

public sealed class FrameReaderTests
{
    // Frames of 3, 0, 1 and 4 bytes.
    private static readonly byte[] Stream = [0, 3, 1, 2, 3, 0, 0, 0, 1, 9, 0, 4, 5, 6, 7, 8];
    private static readonly string[] Frames = ["010203", "", "09", "05060708"];

    [Fact]
    public void Every_fragmentation_of_a_stream_gives_the_same_frames()
    {
        int cuts = Stream.Length - 1;
        for (int pattern = 0; pattern < 1 << cuts; pattern++)
        {
            var reader = new FrameReader(new byte[4]);
            var frames = new List<string>();
            int start = 0;
            for (int i = 0; i <= cuts; i++)
            {
                if (i == cuts || (pattern & (1 << i)) != 0)
                {
                    Assert.NotEqual(FrameReadResult.TooLong, Feed(ref reader, Stream.AsSpan(start, i + 1 - start), frames));
                    start = i + 1;
                }
            }

            Assert.Equal(Frames, frames);
            Assert.False(reader.IsInsideFrame);
        }
    }

    [Fact]
    public void A_frame_of_the_longest_length_is_taken_and_one_byte_more_is_not()
    {
        foreach (int fragment in new[] { 1, 2, 3, 1000, 70_000 })
        {
            var reader = new FrameReader(new byte[65_534]);
            var frames = new List<string>();
            Assert.Equal(FrameReadResult.NeedMore, FeedIn(ref reader, [0xFF, 0xFE, .. new byte[65_534]], fragment, frames));
            Assert.Equal(65_534 * 2, Assert.Single(frames).Length);
            Assert.Equal(FrameReadResult.TooLong, FeedIn(ref reader, [0xFF, 0xFF, .. new byte[65_535]], fragment, frames));
            Assert.Single(frames);
        }
    }

    [Fact]
    public void After_a_frame_that_is_too_long_nothing_is_believed()
    {
        var reader = new FrameReader(new byte[4]);
        var frames = new List<string>();
        Assert.Equal(FrameReadResult.TooLong, Feed(ref reader, [0, 5], frames));
        Assert.Equal(FrameReadResult.TooLong, Feed(ref reader, [0, 1, 7], frames));
        Assert.Empty(frames);
    }

    [Fact]
    public void A_frame_is_begun_with_its_first_byte()
    {
        var reader = new FrameReader(new byte[4]);
        var frames = new List<string>();
        Assert.False(reader.IsInsideFrame);
        foreach (byte[] part in new byte[][] { [0], [2], [1] })
        {
            Feed(ref reader, part, frames);
            Assert.True(reader.IsInsideFrame);
        }

        Feed(ref reader, [1], frames);
        Assert.False(reader.IsInsideFrame);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] room = new byte[1500];
        byte[] bytes = new byte[1502];
        (bytes[0], bytes[1]) = (1500 >> 8, 1500 & 0xFF);
        Assert.Equal(0, AllocationMeter.Count(100, () =>
        {
            var reader = new FrameReader(room);
            ReadOnlySpan<byte> first = bytes.AsSpan(0, 700);
            ReadOnlySpan<byte> second = bytes.AsSpan(700);
            Assert.True(reader.Read(ref first, out _) == FrameReadResult.NeedMore);
            Assert.True(reader.Read(ref second, out ReadOnlySpan<byte> frame) == FrameReadResult.Frame && frame.Length == 1500);
        }));
    }

    private static FrameReadResult Feed(ref FrameReader reader, ReadOnlySpan<byte> bytes, List<string> frames)
    {
        while (true)
        {
            FrameReadResult result = reader.Read(ref bytes, out ReadOnlySpan<byte> frame);
            if (result != FrameReadResult.Frame)
            {
                return result;
            }

            frames.Add(Convert.ToHexString(frame));
        }
    }

    private static FrameReadResult FeedIn(ref FrameReader reader, byte[] bytes, int fragment, List<string> frames)
    {
        FrameReadResult result = FrameReadResult.NeedMore;
        for (int i = 0; i < bytes.Length && result != FrameReadResult.TooLong; i += fragment)
        {
            result = Feed(ref reader, bytes.AsSpan(i, Math.Min(fragment, bytes.Length - i)), frames);
        }

        return result;
    }
}
