using Crosspoint.Calls.E2ee;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Calls.Tests.E2ee;

public class RoomEpochTests
{
    // state before, verb, device, epoch offset from current → accepted?
    [Theory]
    [InlineData(false, "begin", "a", 1, true)]
    [InlineData(false, "begin", "a", 0, false)]
    [InlineData(false, "begin", "a", 2, false)]
    [InlineData(false, "begin", "a", -1, false)]
    [InlineData(false, "commit", "a", 1, true)]
    [InlineData(false, "commit", "a", 0, false)]
    [InlineData(false, "commit", "a", 2, false)]
    [InlineData(true, "begin", "a", 1, false)]
    [InlineData(true, "begin", "b", 1, false)]
    [InlineData(true, "commit", "a", 1, true)]
    [InlineData(true, "commit", "b", 1, false)]
    [InlineData(true, "commit", "a", 2, false)]
    public void The_transition_table_holds(bool rekeying, string verb, string device, int offset, bool accepted)
    {
        RoomEpoch epoch = new(required: true);
        Assert.Null(epoch.Commit("x", 1));
        if (rekeying)
        {
            Assert.Null(epoch.Begin("a", 2));
        }

        long before = epoch.Current;
        AckError? refusal = verb == "begin" ? epoch.Begin(device, before + offset) : epoch.Commit(device, before + offset);
        Assert.Equal(accepted, refusal is null);
        Assert.Equal(accepted && verb == "commit" ? before + 1 : before, epoch.Current);
        if (refusal is not null)
        {
            Assert.Equal(ErrorCodes.E2eeEpochMismatch, refusal.Code);
            Assert.Equal(before + 1, refusal.Details.ExpectedEpoch);
            Assert.True(refusal.Retryable);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20261121)]
    public void Over_random_schedules_the_epoch_only_grows_and_media_passes_only_for_the_current_one(int seed)
    {
        Random random = new(seed);
        RoomEpoch epoch = new(required: true);
        string[] devices = ["a", "b", "c", "d"];
        Dictionary<string, long> declared = devices.ToDictionary(device => device, _ => -1L);
        long last = 0;
        for (int step = 0; step < 20_000; step++)
        {
            string device = devices[random.Next(devices.Length)];
            long guess = epoch.Current + random.Next(-2, 4);
            switch (random.Next(5))
            {
                case 0: epoch.Begin(device, guess); break;
                case 1: epoch.Commit(device, guess); break;
                case 2: epoch.Abort(); break;
                case 3 when epoch.CheckReady(guess) is null: declared[device] = guess; break;
                default: declared[device] = random.Next(3) == 0 ? -1 : declared[device]; break;
            }

            Assert.True(epoch.Current == last || epoch.Current == last + 1, $"seed {seed} step {step}: {last} → {epoch.Current}");
            foreach (string one in devices)
            {
                Assert.True(epoch.Admits(declared[one]) == (declared[one] == epoch.Current), $"seed {seed} step {step}: {one} declared {declared[one]} at {epoch.Current}");
                Assert.True(epoch.Current == last || !epoch.Admits(declared[one]), $"seed {seed} step {step}: {one} stayed ready across a commit");
            }

            last = epoch.Current;
        }

        Assert.True(last > 100, $"seed {seed}: the schedule moved to {last} only");
    }

    [Fact]
    public void Where_encryption_is_not_required_everybody_passes() => Assert.True(new RoomEpoch(required: false).Admits(-1));
}
