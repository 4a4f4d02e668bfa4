using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Workers;

/// <summary>The tracks of a router by the ids of the control plane; what is gone stays counted.</summary>
/// <remarks>Owned by one worker thread.</remarks>
internal sealed class TrackTable(WorkerMeters meters)
{
    // Made by me.
    private readonly Dictionary<string, HostedProducer> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostedConsumer> _consumers = new(StringComparer.Ordinal);

    /// <summary>Tracks that come, from peers or through pipes.</summary>
    public IReadOnlyCollection<HostedProducer> Producers => _producers.Values;

    /// <summary>Tracks that go to peers.</summary>
    public IReadOnlyCollection<HostedConsumer> Consumers => _consumers.Values;

    /// <summary>Tracks that peers send here.</summary>
    public int OwnProducerCount { get; private set; }

    /// <summary>Those consumers that are audio.</summary>
    public int AudioConsumerCount { get; private set; }

    public void Add(HostedProducer producer)
    {
        _producers.Add(producer.Id, producer);
        OwnProducerCount += producer.Pipe is null ? 1 : 0;
    }

    public void Add(HostedConsumer consumer)
    {
        _consumers.Add(consumer.Id, consumer);
        AudioConsumerCount += IsAudio(consumer) ? 1 : 0;
    }

    public HostedProducer? FindProducer(string id) => _producers.GetValueOrDefault(id);

    public HostedConsumer? FindConsumer(string id) => _consumers.GetValueOrDefault(id);

    /// <summary>False when it was forgotten before; another track may have come under its id since.</summary>
    public bool Forget(HostedProducer producer)
    {
        if (!ReferenceEquals(FindProducer(producer.Id), producer))
        {
            return false;
        }

        _producers.Remove(producer.Id);
        if (producer.Pipe is null)
        {
            OwnProducerCount--;
            meters.ClosedMedia.Add(producer.Negotiation.Plan.Kind, producer.Producer.GetStatistics());
        }

        return true;
    }

    /// <summary>False when it was forgotten before.</summary>
    public bool Forget(HostedConsumer consumer)
    {
        if (!_consumers.Remove(consumer.Id))
        {
            return false;
        }

        meters.ClosedMedia.Add(consumer.Consumer.GetStatistics());
        AudioConsumerCount -= IsAudio(consumer) ? 1 : 0;
        return true;
    }

    /// <summary>Adds what those that are there have counted. A track of another worker is counted where its peer sends it.</summary>
    public void AddTo(ref MediaTotals totals)
    {
        foreach (HostedProducer producer in _producers.Values.Where(producer => producer.Pipe is null))
        {
            totals.Add(producer.Negotiation.Plan.Kind, producer.Producer.GetStatistics());
        }

        foreach (HostedConsumer consumer in _consumers.Values)
        {
            totals.Add(consumer.Consumer.GetStatistics());
        }
    }

    private static bool IsAudio(HostedConsumer consumer) => consumer.Consumer.Plan.Kind == MediaKind.Audio;
}
