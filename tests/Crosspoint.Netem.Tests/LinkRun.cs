using Crosspoint.Primitives;

namespace Crosspoint.Netem.Tests;

/// <summary>Sends packets of one size at one interval through a link and keeps what came out when.</summary>
internal sealed class LinkRun
{
    public LinkRun(LinkPlan plan, int count, int bytes = 1250, double everyMilliseconds = 1)
    {
        Link = new VirtualLink<int>(plan, Instant.Zero);
        for (int i = 0; i < count; i++)
        {
            Instant now = Instant.FromMilliseconds(i * everyMilliseconds);
            Drain(now);
            if (!Link.TryEnqueue(now, bytes, i))
            {
                Refused.Add(i);
            }
        }

        Drain(Instant.FromMilliseconds((count * everyMilliseconds) + 20_000));
    }

    public VirtualLink<int> Link { get; }

    public List<(int Packet, Instant At)> Arrived { get; } = [];

    public List<int> Refused { get; } = [];

    public string Print() => string.Join(' ', Arrived.Select(a => $"{a.Packet}@{a.At.Ticks}"));

    private void Drain(Instant until)
    {
        while (Link.NextDelivery <= until)
        {
            Instant at = Link.NextDelivery;
            while (Link.TryDequeue(at, out int packet))
            {
                Arrived.Add((packet, at));
            }
        }
    }
}
