using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Rtc.Tests.Congestion;

public sealed class TransportFeedbackGeneratorTests
{
    // "5" a packet of 1200 bytes arrives, "a5" one of 60 bytes, "+10" ms pass, "?" nothing is due,
    // "?5:+-+" a feedback that begins at 5 and says received, missing, received.
    [Theory]
    [InlineData("5 ? +99 ? +1 ?5:+ +1000 ?")]                  // 1200 bytes do not pay for one
    [InlineData("5 +1 6 +48 ? +1 ?5:++ ?")]                    // 2400 do; after a pause it waits as if one had just gone
    [InlineData("5 6 8 +100 ?5:++-+ ?")]
    [InlineData("a5 +100 ?5:+ +1 a6 +20 a7 +78 ? +1 ?6:++ ?")]  // little arrives: 100 ms
    [InlineData("5 6 +100 ?5:++ 8 7 +100 ?7:++ ?")]
    [InlineData("5 7 +100 ?5:+-+ 6 +100 ?6:++ ?")]             // late: its range is told again
    [InlineData("5 7 +100 ?5:+-+ +50 8 +100 ?8:+ 6 +100 ?6:+++ ?")] // still within what is remembered
    [InlineData("5 7 +100 ?5:+-+ +400 8 +100 ?8:+ 6 +100 ?")]  // no longer
    [InlineData("65534 65535 1 +100 ?65534:++-+ 2 +100 ?2:+ ?")]
    [InlineData("5 5 5 +100 ?5:+ 5 +100 ?")]                   // copies
    [InlineData("5 30000 +100 ?30000:+ 30001 +100 ?30001:+ ?")] // a new beginning
    [InlineData("30000 5 +100 ?5:+ ?")]
    public void Stories(string story)
    {
        TransportFeedbackGenerator generator = new(new TransportFeedbackGeneratorOptions { MaxPackets = 1000 });
        Instant now = Instant.FromMilliseconds(5000);
        foreach (string step in story.Split(' '))
        {
            if (step[0] == '+')
            {
                now += TimeSpan.FromMilliseconds(int.Parse(step));
            }
            else if (step[0] == '?')
            {
                Assert.Equal((story, step), (story, "?" + Ask(generator, now)));
            }
            else
            {
                generator.Handle(now, new(ushort.Parse(step.TrimStart('a'))), step[0] == 'a' ? 60 : 1200);
            }
        }
    }

    [Fact]
    public void Intervals_FollowWhatFeedbackCosts()
    {
        Assert.InRange(CountFeedbacks(5000, 1200), 19, 20); // a second at 50 ms
        Assert.InRange(CountFeedbacks(32, 80), 9, 10);      // audio: at 100 ms
    }

    // Whatever numbers arrive, memory is bounded, nothing throws, and each feedback is sound.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnyNumbers_AreSurvived(int seed)
    {
        Random random = new(seed);
        TransportFeedbackGenerator generator = new(new TransportFeedbackGeneratorOptions { MaxPackets = 500 });
        Instant now = Instant.Zero;
        int number = 0;
        long written = 0;
        for (int i = 0; i < 50_000; i++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(100) == 0 ? random.Next(20_000) : random.Next(5));
            number = random.Next(200) == 0 ? random.Next(65536) : number + random.Next(-5, 8);
            generator.Handle(now, new((ushort)number), random.Next(1, 1500));
            while (Ask(generator, now).Length > 0)
            {
                written++;
            }

            Assert.True(now < generator.NextTimeout || generator.NextTimeout.IsNever, $"seed {seed}");
        }

        Assert.True(written > 1000, $"seed {seed}: {written}");
    }

    [Fact]
    public void WhatDoesNotFit_Waits()
    {
        TransportFeedbackGenerator generator = new(new TransportFeedbackGeneratorOptions());
        Instant now = Instant.FromMilliseconds(1000);
        generator.Handle(now, new(1), 1200);
        now += TimeSpan.FromMilliseconds(100);
        RtcpWriter small = new(new byte[16]);
        Assert.False(generator.TryWrite(now, ref small, new(1), new(2)));
        Assert.Equal("1:+", Ask(generator, now));
    }

    private static int CountFeedbacks(double kilobits, int bytes)
    {
        TransportFeedbackGenerator generator = new(new TransportFeedbackGeneratorOptions());
        int count = 0;
        double interval = bytes * 8 / kilobits;
        double next = 0;
        ushort number = 0;
        for (int ms = 0; ms < 1000; ms++)
        {
            for (; next <= ms; next += interval)
            {
                generator.Handle(Instant.FromMilliseconds(ms), new(number++), bytes);
            }

            count += Ask(generator, Instant.FromMilliseconds(ms)).Length > 0 ? 1 : 0;
        }

        return count;
    }

    private static string Ask(TransportFeedbackGenerator generator, Instant now)
    {
        RtcpWriter writer = new(new byte[1200]);
        string text = "";
        if (generator.TryWrite(now, ref writer, new(1), new(2)))
        {
            Feedback.Parse(writer.Written, (in TransportFeedback feedback) =>
            {
                text = $"{feedback.BaseSequence}:";
                foreach (TransportFeedbackStatus status in feedback)
                {
                    text += status.Received ? '+' : '-';
                }
            });
        }

        return text;
    }
}
