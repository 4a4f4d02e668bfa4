using Crosspoint.Workers.Client;

namespace Crosspoint.Workers.Tests;

public class RehearsalTests
{
    [Fact]
    public async Task A_rehearsal_is_a_whole_call_and_ends() => await Rehearsal.RunAsync(CancellationToken.None);
}
