using Crosspoint.Calls.Encryption;

namespace Crosspoint.Calls.Tests.Encryption;

/// <summary>One lease at a time, and how often members were given one in vain.</summary>
public class LeaseTableTests
{
    // m, j: a member, a joiner is given it. f: it failed, d: it was done, r: it was taken back, x: the group was given up.
    [Theory]
    [InlineData("mf", 1)]
    [InlineData("mfmf", 2)]
    [InlineData("mfmd", 0)]
    [InlineData("mfjf", 1)]
    [InlineData("mfjd", 0)]
    [InlineData("jf", 0)]
    [InlineData("mfmr", 1)]
    [InlineData("mfx", 0)]
    public void Only_members_failures_in_a_row_count(string happens, int failures)
    {
        KeyScene scene = new(2);
        LeaseTable table = scene.Room.Leases;
        HashSet<string> ids = [];
        foreach (char step in happens)
        {
            switch (step)
            {
                case 'm' or 'j':
                    Assert.True(ids.Add(scene.Grant(scene[0], step == 'm' ? RekeyCause.Request : RekeyCause.Join).Id));
                    Assert.NotNull(table.Current);
                    continue;
                case 'f':
                    table.Fail();
                    break;
                case 'd':
                    table.Fulfil();
                    break;
                case 'r':
                    table.Revoke();
                    break;
                default:
                    table.Reset();
                    break;
            }

            Assert.Null(table.Current);
        }

        Assert.Equal(failures, table.Failures);
    }
}
