using Crosspoint.Media.Forwarding;
using Crosspoint.Primitives;

namespace Crosspoint.Media.Tests.Forwarding;

public class KeyFrameRequesterTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    // w<ms> = want, u<ms> = want only something better, r<ms> = want as long as that is repeated, k<ms> = keyframe; everything due is sent in between.
    [Theory]
    [InlineData("w0", "0 500 1500 3500 7500")]
    [InlineData("w0 w1 w2 w100", "0 500 1500 3500 7500")]
    [InlineData("w0 k50", "0")]
    [InlineData("w0 k50 w60", "0 500 1000 2000 4000 8000")]
    [InlineData("w0 k50 w60 k70", "0")]
    [InlineData("w0 k50 w600 k650", "0 600")]
    [InlineData("k50", "")]
    [InlineData("u0 k50", "0")]
    [InlineData("w0 k50 u60 u700 k2100", "0 2000")]
    [InlineData("w0 k50 u60 w100 k600", "0 500")]
    [InlineData("w0 k50 u60 w900 k950", "0 900")]
    [InlineData("w0 k50 u60 k700", "0")]
    [InlineData("w0 k50 u2500 k2600", "0 2500")]
    [InlineData("r0", "0 500 1500 3500 7500")]
    [InlineData("w0 k50 r60", "0")]
    [InlineData("w0 k50 r60 r450", "0 500 1000 2000 4000 8000")]
    [InlineData("w0 k50 r60 r700", "0 700 1200 2200 4200 8200")]
    [InlineData("w0 k50 r60 w70", "0 500 1000 2000 4000 8000")]
    [InlineData("w0 k50 w60 r70", "0 500 1000 2000 4000 8000")]
    [InlineData("w0 k50 w60 k70 r80", "0")]
    public void Wishes_are_merged_and_repeated_until_a_keyframe_comes(string steps, string expected)
    {
        KeyFrameRequester requester = new(new KeyFrameOptions());
        List<double> sent = [];
        foreach (string step in steps.Split(' '))
        {
            Instant at = Instant.FromMilliseconds(double.Parse(step[1..]));
            RunUntil(ref requester, at, sent);
            if (step[0] == 'k')
            {
                requester.Satisfy();
            }
            else if (requester.Want(at, RoundTrip, isUrgent: step[0] != 'u', isRepeated: step[0] == 'r'))
            {
                sent.Add(at.TotalMilliseconds);
            }
        }

        RunUntil(ref requester, Instant.FromMilliseconds(60_000), sent);
        Assert.Equal(expected, string.Join(' ', sent));
    }

    [Fact]
    public void After_the_last_repetition_a_new_wish_is_heard()
    {
        KeyFrameRequester requester = new(new KeyFrameOptions { MaxRepeats = 0 });
        Assert.True(requester.Want(Instant.Zero, RoundTrip));
        Assert.True(requester.NextTimeout.IsNever);
        Assert.False(requester.Want(Instant.FromMilliseconds(400), RoundTrip));
        Assert.True(requester.Want(Instant.FromMilliseconds(2000), RoundTrip));
    }

    [Fact]
    public void A_long_round_trip_is_waited_for()
    {
        KeyFrameRequester requester = new(new KeyFrameOptions());
        requester.Want(Instant.Zero, TimeSpan.FromMilliseconds(800));
        Assert.Equal(Instant.FromMilliseconds(870), requester.NextTimeout);
    }

    private static void RunUntil(ref KeyFrameRequester requester, Instant end, List<double> sent)
    {
        while (requester.NextTimeout < end)
        {
            Instant now = requester.NextTimeout;
            if (requester.HandleTimeout(now, RoundTrip))
            {
                sent.Add(now.TotalMilliseconds);
            }
        }
    }
}
