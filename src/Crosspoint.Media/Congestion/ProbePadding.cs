using Crosspoint.Primitives;

namespace Crosspoint.Media.Congestion;

/// <summary>
/// What a probe is filled with: packets of a video sent again as RTX (RFC 4588), which repair what was lost without being asked for; else
/// RTX packets of nothing but padding. Without RTX nothing, for what is not numbered apart would be taken for media.
/// </summary>
internal static class ProbePadding
{
    /// <summary>Sends one packet; what it took on the wire, 0 when there is nothing to send.</summary>
    public static int TrySend(Instant now, RouterTransport transport)
    {
        Consumer? silent = null;
        foreach (Consumer consumer in transport.ConsumerList)
        {
            if (!consumer.CanPad)
            {
                continue;
            }

            silent ??= consumer;
            int sent = consumer.Resends.TrySendOld(now);
            if (sent > 0)
            {
                return sent;
            }
        }

        return silent?.Resends.SendEmpty(now) ?? 0;
    }
}
