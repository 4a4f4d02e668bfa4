using Crosspoint.Sim.E2ee;

namespace Crosspoint.Sim.Tests;

/// <summary>The keys of a room under random schedules; <c>crosspoint-sim e2ee</c> runs as many more as one likes.</summary>
public class E2eeTests
{
    private const ulong Seed = 7_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_schedule_breaks_an_invariant(int batch)
    {
        const ulong Schedules = 1000;
        long epochs = 0;
        for (ulong index = 0; index < Schedules; index++)
        {
            ulong seed = Seed + ((ulong)batch * Schedules) + index;
            ScheduleResult result = Schedule.Run(seed);
            Assert.True(result.Violations.Count == 0, $"seed {seed}: {string.Join("; ", result.Violations)}");
            epochs += result.Epoch;
        }

        Assert.True(epochs > 3000, $"only {epochs} epochs: the schedules do nothing");
    }

    [Fact]
    public void A_schedule_repeats_itself() => Assert.Equal(Schedule.Run(99).CommitMs, Schedule.Run(99).CommitMs);

    [Fact]
    public void An_epoch_reaches_200_members_and_25_come_in_at_once()
    {
        ScaleResult result = ScaleRun.Run(members: 200, joiners: 25, rttMs: 50, computeMs: 85, processMs: 45, seed: 1);
        Assert.Empty(result.Violations);
        Assert.InRange(result.AppliedP95Ms, 1, 500);
        Assert.InRange(result.JoinedMs, 1, 4000);
        Assert.InRange(result.BytesPerMember, 1, 10_000);
    }
}
