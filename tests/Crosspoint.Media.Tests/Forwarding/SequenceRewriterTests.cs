using Crosspoint.Media.Forwarding;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Tests.Forwarding;

public class SequenceRewriterTests
{
    // s = start at, l = leave out, r = restart, otherwise map; "-" is what has no number.
    [Theory]
    [InlineData("s10 10 11 12", "1 2 3")]
    [InlineData("s10 10 12 11", "1 3 2")]
    [InlineData("s10 10 10", "1 1")]
    [InlineData("s10 10 9", "1 -")]
    [InlineData("s10 10 11 s41 41 42", "1 2 3 4")]
    [InlineData("s10 10 11 s41 12 40 41", "1 2 - - 3")]
    [InlineData("s10 10 13 s41 41 12", "1 4 5 3")]
    [InlineData("s10 10 11 s12 12", "1 2 3")]
    [InlineData("s10 10 11 s11 11 12", "1 2 2 3")]
    [InlineData("s65534 65534 65535 0 1", "1 2 3 4")]
    [InlineData("s65534 65534 0 65535", "1 3 2")]
    [InlineData("s10 10 l11 12 13", "1 2 3")]
    [InlineData("s10 10 l11 l12 13 11 12", "1 2 - -")]
    [InlineData("s10 10 l13 14 11 12 13", "1 4 2 3 -")]
    [InlineData("s10 10 11 l11 12", "1 2 3")]
    [InlineData("s10 l10 11", "1")]
    [InlineData("s10 10 11 r s500 500 499 10", "1 2 3 - -")]
    [InlineData("s10 10 s20000 20000 11", "1 2 -")]
    public void Numbers_run_on_over_what_was_left_out_and_keep_what_was_lost(string steps, string expected)
    {
        SequenceRewriter rewriter = new(new(1));
        List<string> outputs = [];
        foreach (string step in steps.Split(' '))
        {
            SequenceNumber number = step == "r" ? default : new(ushort.Parse(step.TrimStart('s', 'l')));
            switch (step[0])
            {
                case 's': rewriter.Start(number, 0); break;
                case 'l': rewriter.LeaveOut(number); break;
                case 'r': rewriter.Restart(); break;
                default: outputs.Add(rewriter.Map(number, out SequenceNumber output, out _) == RewriteVerdict.Mapped ? output.ToString() : "-"); break;
            }
        }

        Assert.Equal(expected, string.Join(' ', outputs));
    }

    [Fact]
    public void A_left_out_number_says_so()
    {
        SequenceRewriter rewriter = new(new(1));
        Assert.Equal(RewriteVerdict.BeforeStart, rewriter.Map(new(5), out _, out _));
        rewriter.Start(new(5), 0);
        rewriter.LeaveOut(new(5));
        Assert.Equal(RewriteVerdict.LeftOut, rewriter.Map(new(5), out _, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_happens_no_number_is_given_to_two_packets_and_each_leads_back(int seed)
    {
        Random random = new(seed);
        SequenceRewriter rewriter = new(new((ushort)random.Next(65536)));
        long newest = random.Next(65536);
        rewriter.Start(new((ushort)newest), 0);
        Dictionary<ushort, long> given = [];
        Queue<ushort> recent = new();
        for (int step = 0; step < 60_000; step++)
        {
            int dice = random.Next(1000);
            if (dice < 2)
            {
                newest += random.Next(1, 3000);
                rewriter.Start(new((ushort)newest), (uint)step);
                continue;
            }

            long input = dice < 900 ? newest + 1 : dice < 950 ? newest + random.Next(2, 20) : newest - random.Next(0, 300);
            if (dice is >= 100 and < 120)
            {
                rewriter.LeaveOut(new((ushort)input));
                newest = Math.Max(newest, input);
                continue;
            }

            newest = Math.Max(newest, input);
            if (rewriter.Map(new((ushort)input), out SequenceNumber output, out uint offset) != RewriteVerdict.Mapped)
            {
                continue;
            }

            Assert.True(rewriter.TryUnmap(output, out SequenceNumber back, out uint backOffset), $"seed {seed} step {step}");
            Assert.Equal((new SequenceNumber((ushort)input), offset), (back, backOffset));
            if (given.TryGetValue(output.Value, out long other))
            {
                Assert.True(other == input, $"seed {seed} step {step}: {output} for {other} and {input}");
                continue;
            }

            given[output.Value] = input;
            recent.Enqueue(output.Value);
            if (recent.Count > 4000)
            {
                given.Remove(recent.Dequeue());
            }
        }
    }

    [Fact]
    public void What_was_never_sent_does_not_lead_back()
    {
        SequenceRewriter rewriter = new(new(100));
        Assert.False(rewriter.TryUnmap(new(100), out _, out _));
        rewriter.Start(new(7), 0);
        rewriter.Map(new(7), out _, out _);
        Assert.True(rewriter.TryUnmap(new(100), out _, out _));
        Assert.False(rewriter.TryUnmap(new(101), out _, out _));
        Assert.False(rewriter.TryUnmap(new(99), out _, out _));
    }
}
