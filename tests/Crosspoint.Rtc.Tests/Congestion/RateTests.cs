using Crosspoint.Primitives;
using Crosspoint.Rtc.Congestion;

namespace Crosspoint.Rtc.Tests.Congestion;

/// <summary>The rates by delay, by loss, by reports, and the watch over feedback, each on rows.</summary>
public sealed class RateTests
{
    private const double Step = 50; // ms between two feedbacks

    // "n" or "c" normal, "o" overuse, times so many feedbacks; then queue in ms / standing / what arrives in kbit/s / what passes while the link is
    // never idle. Last, the range of the rate.
    [Theory]
    [InlineData("n20,0,0,1000", 1075, 1085)]                    // 8 % a second
    [InlineData("n200,0,0,500", 1000, 1000)]                    // no more than 1.5 of what arrives, and no less than before
    [InlineData("o1,100,40,800", 530, 540)]                     // backs off at once: 800, and 100 of 300 ms to drain
    [InlineData("o1,400,40,800", 280, 280)]                     // ... never below a floor
    [InlineData("o1,10,10,800", 1000, 1010)]                    // a trend without a queue harms nobody
    [InlineData("n1,60,55,800", 640, 640)]                      // a queue that stands is drained without a trend
    [InlineData("o1,100,40,800 n1,5,5,500", 760, 760)]          // drained: back to just below what arrived
    [InlineData("o1,100,40,800 n1,5,5,500 n20,0,0,760", 800, 810)] // then carefully up: a packet per response time
    [InlineData("o1,100,40,800 n1,5,5,500 n20,35,35,760", 760, 760)] // ... and not while packets wait
    [InlineData("o1,100,40,800 n3,100,100,500 n3,120,100,500 n3,100,100,500 n3,120,100,500 n3,100,100,500 n3,120,100,500 n3,100,100,500 n3,120,100,500 n3,100,100,500 n3,120,100,500 n3,100,100,500 n3,120,100,500 n3,100,100,500 n3,120,100,500", 680, 860)] // the queue moves and stays, though we yield: others'. Share, do not starve
    [InlineData("o1,100,40,800 n9,100,100,500", 330, 540)]      // it does not move at all …
    [InlineData("o1,100,40,800 n10,100,100,500", 850, 860)]     // … for half a second: it was never a queue, the way is longer
    [InlineData("o1,20,20,800 n4,20,20,700 n6,26,20,700", 850, 860)] // jitter does not hide that
    [InlineData("o1,100,40,800 n6,100,100,500 n6,85,70,500", 330, 575)] // it drains, if slowly
    [InlineData("c1,100,0,1000,200", 165, 175)]                 // a fifth passes: at once, and nine tenths of it while 100 of 1000 ms drain
    [InlineData("c1,100,0,1000,600", 1000, 1010)]               // more than half passes: the trend is waited for
    [InlineData("c1,40,0,1000,200", 1000, 1010)]                // so little waits that it may be a burst of others
    [InlineData("o1,40,10,800 c1,100,0,800,200", 165, 175)]     // ... while a queue drains as well
    [InlineData("c1,100,0,1000,200 n20,100,0,200", 165, 175)]   // what fills the queue meanwhile may be others'
    [InlineData("c1,100,0,1000,200 c1,0,0,200,200", 185, 195)]  // drained
    [InlineData("c1,100,0,1000,200 n5,90,0,600,200 c1,0,0,600", 565, 575)] // ... and more came in that time than passed at first: that was a burst of others
    [InlineData("c1,100,0,1000,200 n5,90,0,1200,200 c1,0,0,1200", 950, 955)] // ... but no more than was sent
    [InlineData("c1,100,0,1000,400 n1,130,0,400,250 n1,150,0,400,200", 335, 345)] // while the queue is deep all that came since says more than one sample of few packets
    [InlineData("c1,100,0,1000,400 n1,130,0,100,250", 210, 215)] // ... and a sample more than what came before it
    [InlineData("o1,100,40,800 n5,95,95,500,500", 530, 550)]    // it does not drain: for a while what is under way explains that
    [InlineData("o1,100,40,800 n7,95,95,500,500", 330, 345)]    // ... then what passes is all that the link carries
    [InlineData("o1,100,40,800 n7,95,95,300,300", 265, 275)]    // ... or others fill it: no further than to half
    [InlineData("o1,100,40,800 n4,70,70,500,500 n4,50,50,500,500", 660, 670)] // it drains, and the shorter it is the less is held back
    [InlineData("o1,200,40,800 n2,150,50,500 n1,30,30,500", 680, 680)] // ... from the floor as well
    [InlineData("c1,300,0,1000,400 n1,100,0,400,400", 335, 345)] // ... and where the link collapsed
    [InlineData("o1,60,10,1000,1200", 1000, 1010)]              // more passes than we mean to send: a burst of ours goes by itself
    [InlineData("o1,60,20,1000,1200", 800, 850)]                // ... unless it does not
    [InlineData("o1,100,40,800 n3,12,12,500", 760, 760)]        // a packet takes 12 ms at 800 kbit/s: so much for a while is no queue
    [InlineData("o1,100,40,800 n2,12,12,500", 680, 680)]        // ... for a moment it may be one that comes and goes
    [InlineData("o1,100,40,800 n3,13,13,500", 680, 680)]        // more than that is a queue
    public void Delay(string story, double from, double to)
    {
        DelayRate rate = new(Bitrate.FromKilobits(1000));
        Instant now = Instant.FromMilliseconds(1000);
        rate.Update(now, new DelayInput(LinkUse.Normal, default, default, null, null, TimeSpan.FromMilliseconds(100), now, false));
        foreach (string step in story.Split(' '))
        {
            double[] values = [.. step[1..].Split(',').Select(double.Parse)];
            for (int i = 0; i < values[0]; i++)
            {
                now += TimeSpan.FromMilliseconds(Step);
                Bitrate arrives = Bitrate.FromKilobits(values[3]);
                rate.Update(now, new DelayInput(
                    step[0] == 'o' ? LinkUse.Over : LinkUse.Normal, TimeSpan.FromMilliseconds(values[1]), TimeSpan.FromMilliseconds(values[2]), arrives, arrives, TimeSpan.FromMilliseconds(100), now, false)
                {
                    Wait = TimeSpan.FromMilliseconds(values[1]),
                    Growth = TimeSpan.FromMilliseconds(values[1]),
                    Passing = values.Length > 4 ? Bitrate.FromKilobits(values[4]) : null,
                    SinceDrain = arrives,
                });
            }
        }

        Assert.InRange(rate.Rate.KilobitsPerSecond, from, to);
    }

    // Loss in percent at any rate; capacity in kbit/s, beyond which the excess is lost; the rate by delay; the range of its mean from 10 to 60 s.
    [Theory]
    [InlineData(0, 10_000, 2000, 2000, 2000)]
    [InlineData(1, 10_000, 2000, 2000, 2000)]
    [InlineData(5, 10_000, 2000, 1650, 2000)]
    [InlineData(10, 10_000, 2000, 1650, 2000)]
    [InlineData(20, 10_000, 2000, 1600, 2000)]
    [InlineData(0, 1000, 2000, 750, 1100)]
    [InlineData(0, 300, 2000, 220, 330)]
    [InlineData(5, 1000, 2000, 750, 1150)]
    [InlineData(60, 10_000, 2000, 25, 1800)] // no link's nature
    public void Loss(double percent, double capacity, double delayBased, double from, double to)
    {
        LossBasedEstimator estimator = new(Bitrate.FromKilobits(30));
        Random random = new(3);
        Instant now = Instant.Zero;
        double arrived = 0;
        double sum = 0;
        while (now < Instant.FromMilliseconds(60_000))
        {
            double rate = Math.Min(estimator.Rate?.KilobitsPerSecond ?? delayBased, delayBased);
            now += TimeSpan.FromMilliseconds(1000 * 8 / rate); // 1000 bytes each
            sum += now > Instant.FromMilliseconds(10_000) ? 8000 : 0; // bits; over ms they are kbit/s
            double lost = 1 - ((1 - (percent / 100)) * Math.Min(1, capacity / rate));
            bool received = random.NextDouble() >= lost;
            arrived += (((received ? rate : 0) - arrived) / 30);
            estimator.Add(new PacketReport(now, now, 1000, SentKind.Media, 0, received, false), Bitrate.FromKilobits(delayBased), Bitrate.FromKilobits(arrived), TimeSpan.FromMilliseconds(50), isDraining: false, isQueued: false);
        }

        Assert.InRange(sum / 50_000, from - 1, to + 1);
    }

    // Less is sent than may be, and unevenly, as by an encoder; what is lost at random must not be taken for the fullness of a link that was never tried.
    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(15)]
    public void Chance_is_no_reason_to_send_less(double percent)
    {
        LossBasedEstimator estimator = new(Bitrate.FromKilobits(30));
        Random random = new(5);
        Instant now = Instant.Zero;
        double arrived = 0;
        int judged = 0;
        int low = 0;
        while (now < Instant.FromMilliseconds(120_000))
        {
            double rate = 950 * (0.7 + (0.6 * random.NextDouble()));
            now += TimeSpan.FromMilliseconds(1000 * 8 / rate);
            bool received = random.NextDouble() >= percent / 100;
            arrived += ((received ? rate : 0) - arrived) / 30;
            estimator.Add(new PacketReport(now, now, 1000, SentKind.Media, 0, received, false), Bitrate.FromKilobits(1700), Bitrate.FromKilobits(arrived), TimeSpan.FromMilliseconds(50), isDraining: false, isQueued: false);
            judged++;
            low += estimator.Rate is { } limit && limit.KilobitsPerSecond < 1300 ? 1 : 0;
        }

        Assert.InRange(low / (double)judged, 0, 0.05);
    }

    // A link that fell to a tenth dropped what its queue did not take. After that nothing is lost, and the limit that it set must not outlive it.
    [Fact]
    public void What_a_collapse_lost_is_forgotten_with_it()
    {
        LossBasedEstimator estimator = new(Bitrate.FromKilobits(30));
        Instant now = Instant.Zero;
        for (int i = 0; i < 400; i++)
        {
            now += TimeSpan.FromMilliseconds(8); // 1000 bytes each: 1 Mbit/s
            estimator.Add(new PacketReport(now, now, 1000, SentKind.Media, 0, Received: i < 100 || i % 3 == 0, false), Bitrate.FromKilobits(1000), Bitrate.FromKilobits(333), TimeSpan.FromMilliseconds(50), isDraining: false, isQueued: true);
        }

        Assert.InRange(estimator.Rate?.KilobitsPerSecond ?? 1000, 30, 900);
        estimator.Restart();
        for (int i = 0; i < 400; i++)
        {
            now += TimeSpan.FromMilliseconds(32); // and a quarter of that
            estimator.Add(new PacketReport(now, now, 1000, SentKind.Media, 0, Received: true, false), Bitrate.FromKilobits(250), Bitrate.FromKilobits(250), TimeSpan.FromMilliseconds(50), isDraining: false, isQueued: false);
            Assert.Null(estimator.Rate);
        }
    }

    // Reports a second apart, fraction lost in 256ths.
    [Theory]
    [InlineData("0 0 0", 1000, 1260)]
    [InlineData("13 13 13", 1000, 1000)] // 5 %: neither
    [InlineData("64", 875, 875)]         // 25 %: down by half of that
    [InlineData("255 255 255 255 255 255 255 255", 30, 60)]
    public void Reports(string fractions, double from, double to)
    {
        Instant now = Instant.FromMilliseconds(5000);
        ReportBasedRate rate = new(Bitrate.FromKilobits(1000), now);
        foreach (string fraction in fractions.Split(' '))
        {
            now += TimeSpan.FromSeconds(1);
            rate.Update(now, byte.Parse(fraction), TimeSpan.FromMilliseconds(100));
            rate.Clamp(Bitrate.FromKilobits(30), Bitrate.FromKilobits(5000));
        }

        Assert.InRange(rate.Rate.KilobitsPerSecond, from, to);
    }

    // "s" a packet is sent, "f" feedback comes, "+" time in ms, "=" the share of the target that is left, in 16ths.
    [Theory]
    [InlineData("s +100000 =16")]                                // nobody knows yet whether there will be feedback
    [InlineData("f +100000 =16")]                                // nothing was sent
    [InlineData("f s +799 =16 +1 =8 +600 =4 +600 =2 +600 =1 +6000 =1 f =2 f =4 f =8 f =16")]
    [InlineData("f s +500 s +299 =16 +1 =8")]                    // sending on is no sign of life
    [InlineData("f s +500 f s +500 f s +500 =16")]
    [InlineData("f s +400 f s +400 f s +400 f s +1299 =16 +1 =8")] // reports come rarely: two and a half intervals, and three round trips
    [InlineData("f s +9000 =8 f s +2799 =16 +1 =8")]              // an outage counts as a second
    [InlineData("f s +400 f s +50 f s +50 f s +50 f s +50 f s +50 f s +50 f s +50 f s +50 f s +50 f s +799 =16 +1 =8")] // and habits change
    public void Watch(string story)
    {
        FeedbackWatch watch = new(TimeSpan.FromMilliseconds(500));
        TimeSpan roundTrip = TimeSpan.FromMilliseconds(100);
        Instant now = Instant.FromMilliseconds(1000);
        foreach (string step in story.Split(' '))
        {
            switch (step[0])
            {
                case 's':
                    watch.HandleSent(now);
                    break;
                case 'f':
                    watch.HandleFeedback(now, roundTrip);
                    break;
                case '+':
                    now += TimeSpan.FromMilliseconds(int.Parse(step));
                    watch.HandleTimeout(now, roundTrip);
                    break;
                default:
                    Assert.Equal((story, step, int.Parse(step[1..])), (story, step, (int)(watch.Share * 16)));
                    break;
            }
        }
    }

    // Sent per 50 ms, in kbit/s, against a target of 1000 kbit/s.
    [Theory]
    [InlineData("1000 1000 1000 1000 1000 1000 1000 1000 1000 1000", false)]
    [InlineData("500 500 500 500 500 500 500 500 500 500", true)]
    [InlineData("0 2000 0 2000 0 2000 0 2000 0 2000", false)]
    [InlineData("500 500 500 500 500 500 500 500 500 500 700 700 700 700 700 700 700 700 700 700", true)] // once limited, until it is clear
    [InlineData("500 500 500 500 500 500 500 500 500 500 900 900 900 900 900 900 900 900 900 900", false)]
    public void Limited(string rates, bool limited)
    {
        SendRate sent = default;
        Instant now = Instant.FromMilliseconds(1000);
        foreach (string rate in rates.Split(' '))
        {
            sent.Add(now, int.Parse(rate) * 50 / 8);
            sent.Judge(now, Bitrate.FromKilobits(1000));
            now += TimeSpan.FromMilliseconds(50);
        }

        Assert.Equal(limited, sent.IsLimited);
    }
}
