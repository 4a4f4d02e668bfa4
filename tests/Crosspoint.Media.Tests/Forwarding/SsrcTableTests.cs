using Crosspoint.Media.Forwarding;
using Crosspoint.Rtc;

namespace Crosspoint.Media.Tests.Forwarding;

public class SsrcTableTests
{
    [Fact]
    public void It_agrees_with_a_dictionary()
    {
        Random random = new(5);
        SsrcTable<object> table = new(200);
        Dictionary<uint, object> model = [];
        for (int step = 0; step < 100_000; step++)
        {
            uint key = (uint)random.Next(300) * 65536; // Multiples collide in low bits.
            if (random.Next(2) == 0)
            {
                object value = new();
                bool added = model.Count < 200 && model.TryAdd(key, value);
                Assert.Equal(added, table.TryAdd(new Ssrc(key), value));
            }
            else
            {
                Assert.Equal(model.Remove(key), table.Remove(new Ssrc(key)));
            }

            uint probe = (uint)random.Next(300) * 65536;
            Assert.Equal(model.GetValueOrDefault(probe), table.TryGet(new Ssrc(probe), out object? found) ? found : null);
            Assert.Equal(model.Count, table.Count);
        }
    }

    [Fact]
    public void It_refuses_more_than_its_bound()
    {
        SsrcTable<object> table = new(2);
        Assert.True(table.TryAdd(new(1), this));
        Assert.True(table.TryAdd(new(2), this));
        Assert.False(table.TryAdd(new(3), this));
    }
}
