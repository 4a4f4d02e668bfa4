using Crosspoint.Primitives;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Media.Encryption;

/// <summary>What an encrypted room's router does at the word of the control plane: which epochs pass, and who is forwarded to and from at all.</summary>
/// <remarks>One owner: the router.</remarks>
internal sealed class RoomGuard(Router router)
{
    /// <summary>The epochs whose frames pass; null while frames are not encrypted, and then nothing is looked at.</summary>
    public FrameEpochs? Epochs { get; private set; }

    /// <summary>From now on every frame is looked at. There is no way back: a room does not become less private.</summary>
    public void SetEpochs(IReadOnlyList<RouterTransport> transports, FrameEpochs epochs)
    {
        Epochs = epochs;
        foreach (RouterTransport transport in transports)
        {
            foreach (Producer producer in transport.ProducerList)
            {
                Watch(producer);
                producer.FrameCheck?.HandleEpochs(epochs);
            }
        }
    }

    /// <summary>A producer came: in an encrypted room none is forwarded unseen. What comes from another worker was looked at there.</summary>
    public void Watch(Producer producer)
    {
        if (Epochs is not null && !producer.Plan.IsRelayed)
        {
            producer.FrameCheck ??= new FrameCheck(producer);
        }
    }

    /// <summary>Whose frames a producer's are. Without it none of them passes.</summary>
    public static void SetSender(Producer producer, int leaf, SFrameKind kind)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, SFrameKeyId.MaxLeaves);
        if (!producer.Plan.IsRelayed)
        {
            producer.FrameCheck ??= new FrameCheck(producer);
            producer.FrameCheck.SetSender(leaf, kind);
        }
    }

    /// <summary>Forwards what a peer sends and is sent, or nothing of it any more.</summary>
    public void SetForwarding(Instant now, RouterTransport transport, bool sends, bool receives)
    {
        transport.MaySend = sends;
        foreach (Producer producer in transport.ProducerList)
        {
            SetForwarding(now, producer, sends);
        }

        if (transport.MayReceive == receives)
        {
            return;
        }

        transport.MayReceive = receives;
        foreach (Consumer consumer in transport.ConsumerList)
        {
            if (receives)
            {
                consumer.WantKeyFrame(now);
            }
            else
            {
                Cut(consumer);
            }
        }
    }

    /// <summary>The same for one track: what waits to leave is thrown away, what is stored is not sent again.</summary>
    public void SetForwarding(Instant now, Producer producer, bool isForwarded)
    {
        if (producer.IsStopped == !isForwarded || producer.IsClosed)
        {
            return;
        }

        producer.SetStopped(!isForwarded);
        if (isForwarded)
        {
            producer.WantKeyFrame(now);
            return;
        }

        router.Speakers.Silence(now, producer);
        foreach (Consumer consumer in producer.Consumers)
        {
            Cut(consumer);
        }
    }

    private static void Cut(Consumer consumer)
    {
        consumer.AwaitStart(newTimeline: false);
        consumer.Transport.Downlink?.Forget(consumer);
    }
}
