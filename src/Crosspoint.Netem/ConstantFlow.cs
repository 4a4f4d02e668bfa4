using Crosspoint.Primitives;

namespace Crosspoint.Netem;

/// <summary>One <see cref="ConstantTraffic"/> at work: when its next packet is due, without drift.</summary>
internal sealed class ConstantFlow(ConstantTraffic plan, Instant origin)
{
    private long _sent;

    public int PacketBytes => plan.PacketBytes;

    public Instant NextEvent
    {
        get
        {
            if (plan.Rate.BitsPerSecond == 0)
            {
                return Instant.Never;
            }

            Int128 bits = (Int128)_sent * plan.PacketBytes * 8;
            Instant at = origin + plan.From + new TimeSpan((long)(bits * TimeSpan.TicksPerSecond / plan.Rate.BitsPerSecond));
            return plan.Until is { } until && at >= origin + until ? Instant.Never : at;
        }
    }

    public void Take() => _sent++;
}
