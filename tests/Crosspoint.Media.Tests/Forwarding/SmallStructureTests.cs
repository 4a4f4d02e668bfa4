using Crosspoint.Media.Forwarding;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;

namespace Crosspoint.Media.Tests.Forwarding;

public class SmallStructureTests
{
    [Theory]
    [InlineData("1 1 2 2 1", "10101")]
    [InlineData("0 0", "10")]
    [InlineData("255 0 255", "111")]
    public void A_fir_command_is_obeyed_once(string commands, string expected)
    {
        FirCommands firs = default;
        Assert.Equal(expected, string.Concat(commands.Split(' ').Select(command => firs.IsNew(byte.Parse(command)) ? '1' : '0')));
    }

    [Fact]
    public void A_resend_budget_is_renewed_every_window()
    {
        ResendBudget budget = default;
        int taken = 0;
        for (int i = 0; i < 1000; i++)
        {
            if (budget.HasRoom(Instant.FromMilliseconds(i), 3))
            {
                budget.Take();
                taken++;
            }
        }

        Assert.Equal(30, taken);
    }

    [Fact]
    public void The_producers_clock_moves_both_its_hands_alike()
    {
        ProducerClock clock = new(90_000);
        Assert.False(clock.HasReport);
        Assert.Equal(NtpShort.Zero, clock.DelaySince(Instant.Zero));
        NtpTimestamp ntp = new(0x1234_5678_0000_0000);
        clock.Update(Instant.FromMilliseconds(100), new SenderInfo(ntp, new(uint.MaxValue - 10), 1, 1));

        (NtpTimestamp laterNtp, RtpTimestamp laterRtp) = clock.At(Instant.FromMilliseconds(1100));
        Assert.Equal(TimeSpan.FromSeconds(1), laterNtp - ntp);
        Assert.Equal(90_000, RtpTimestamp.Distance(new(uint.MaxValue - 10), laterRtp));
        Assert.Equal(65536u, clock.DelaySince(Instant.FromMilliseconds(1100)).Value);
        Assert.Equal(0x5678_0000u, clock.LastReport.Value);
    }

    [Fact]
    public void A_quoted_report_is_found_while_it_is_fresh()
    {
        SentReports reports = default;
        for (uint i = 1; i <= 9; i++)
        {
            reports.Add(Instant.FromMilliseconds(i), new NtpTimestamp((ulong)i << 32));
        }

        Assert.False(reports.TryFind(new(1 << 16), out _));
        Assert.True(reports.TryFind(new(9 << 16), out Instant at));
        Assert.Equal(Instant.FromMilliseconds(9), at);
        Assert.False(reports.TryFind(NtpShort.Zero, out _));
    }

    [Fact]
    public void Consumer_states_change_only_as_the_table_says()
    {
        string[] allowed = ["Paused>AwaitingStart", "Paused>Closed", "AwaitingStart>Paused", "AwaitingStart>Forwarding", "AwaitingStart>Closed", "Forwarding>Paused", "Forwarding>AwaitingStart", "Forwarding>Closed"];
        IEnumerable<string> found =
            from a in Enum.GetValues<ConsumerState>()
            from b in Enum.GetValues<ConsumerState>()
            where ConsumerTransitions.IsAllowed(a, b)
            select $"{a}>{b}";
        Assert.Equal(allowed.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }
}
