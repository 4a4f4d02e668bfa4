using Crosspoint.Primitives;

namespace Crosspoint.Workers.Tests;

public class FloodGateTests
{
    private static readonly TransportAddress Source = TransportAddress.FromIPv4(0xC0000201, 5000);

    [Fact]
    public void A_source_spends_its_budget_and_gets_a_new_one_each_second_whatever_its_port()
    {
        FloodGate gate = new(perSourcePerSecond: 3, totalPerSecond: 100);
        Assert.True(gate.TryEnter(Instant.Zero, Source));
        Assert.True(gate.TryEnter(Instant.Zero, Source with { Port = 5001 }));
        Assert.True(gate.TryEnter(Instant.Zero, Source with { Port = 5002 }));
        Assert.False(gate.TryEnter(Instant.FromMilliseconds(999), Source));
        Assert.True(gate.TryEnter(Instant.FromMilliseconds(1000), Source));
    }

    [Fact]
    public void All_strangers_together_have_one_budget()
    {
        FloodGate gate = new(perSourcePerSecond: 3, totalPerSecond: 10);
        int entered = Enumerable.Range(0, 1000).Count(i => gate.TryEnter(Instant.Zero, TransportAddress.FromIPv4((uint)(0xC0000000 + i), 1)));
        Assert.Equal(10, entered);
    }
}
