using Crosspoint.Media;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Negotiation;

namespace Crosspoint.Workers.Pipes;

/// <summary>
/// A router's pipes to the other workers its room lives on. A track goes to another worker once, when somebody there first consumes it,
/// and no longer when the last one there is gone.
/// </summary>
/// <remarks>
/// Owned by the router's worker thread. What the other end has to do is posted to its worker's mailbox; all such posts come from one
/// thread and are carried out in order, so an end is attached before its tracks come, and a track is closed after it came.
/// </remarks>
internal sealed class HostedPipes(HostedRouter router, TrackTable tracks, int bytes)
{
    // Made by me.
    private readonly Dictionary<HostedRouter, PipeEnd> _sending = [];
    private readonly List<PipeEnd> _receiving = [];

    /// <summary>How many there are, both ways.</summary>
    public int Count => _sending.Count + _receiving.Count;

    /// <summary>All ends here.</summary>
    public IEnumerable<PipeEnd> Ends => _sending.Values.Concat(_receiving);

    // ---- where the track comes from

    /// <summary>Sends a track of ours to another worker; nothing to do when it goes there already.</summary>
    public void Open(HostedProducer producer, HostedRouter far)
    {
        PipeEnd end = EndTo(far);
        if (end.Relays.ContainsKey(producer.Id))
        {
            return;
        }

        RelayNegotiation relay = RtpNegotiator.MapRelay(producer.Negotiation, end.NextSsrc);
        Consumer[] consumers = [.. relay.Consumers.Select(plan => router.Router.Consume(router.Worker.Now, end.Port, producer.Producer, plan, paused: false))];
        OutgoingRelay outgoing = new(producer.Id, end) { Consumers = consumers };
        foreach (Consumer consumer in consumers)
        {
            consumer.Tag = outgoing;
        }

        end.Relays.Add(producer.Id, outgoing);
        (PipeEnd there, string id, bool isPaused) = (end.Far, producer.Id, producer.Producer.IsPaused);
        far.Post(other => other.Pipes.Accept(there, id, relay.Producer, isPaused));
    }

    /// <summary>The router closed what took a track of ours: its consumers there close too.</summary>
    public static void NoteClosed(OutgoingRelay relay)
    {
        if (relay.End.IsReady && relay.End.Relays.Remove(relay.ProducerId))
        {
            relay.End.Far.Router.Post(other => other.Pipes.Drop(relay.ProducerId));
        }
    }

    /// <summary>A track of ours is paused or resumed, and so it is wherever it goes.</summary>
    public void NotePaused(string producerId, bool paused)
    {
        foreach (PipeEnd end in _sending.Values.Where(end => end.Relays.ContainsKey(producerId)))
        {
            end.Far.Router.Post(other => other.Pipes.Follow(producerId, paused));
        }
    }

    /// <summary>A track of ours is forwarded no longer, or again, and so it is wherever it goes: what is in the pipe does not come out of it.</summary>
    public void NoteForwarding(string producerId, bool isForwarded)
    {
        foreach (PipeEnd end in _sending.Values.Where(end => end.Relays.ContainsKey(producerId)))
        {
            end.Far.Router.Post(other => other.Pipes.FollowForwarding(producerId, isForwarded));
        }
    }

    /// <summary>Somebody here is who the room looks at: his videos are the first of the last N there too.</summary>
    public void TellDominant(ReadOnlyMemory<byte> canonicalName)
    {
        foreach (HostedRouter far in Ends.Select(end => end.Far.Router).Distinct())
        {
            far.Post(other => other.Router.NoteDominant(other.Worker.Now, canonicalName.Span));
        }
    }

    // What is watched of a track of ours at the other end. Nothing need be sent when nobody watches.
    internal void Wish(PipeEnd end, string producerId, int? spatial)
    {
        if (!end.IsReady || !end.Relays.TryGetValue(producerId, out OutgoingRelay? relay))
        {
            return;
        }

        foreach (Consumer consumer in relay.Consumers)
        {
            if (spatial is { } highest && (consumer.Plan.Encoding ?? 0) <= highest)
            {
                router.Router.SetPreferredLayers(router.Worker.Now, consumer, LayerId.Highest with { Spatial = (byte)highest });
                router.Router.Resume(router.Worker.Now, consumer);
            }
            else
            {
                router.Router.Pause(router.Worker.Now, consumer);
            }
        }
    }

    // ---- where the track goes

    /// <summary>When the last who consumed a track of another worker here is gone, it need not come any more.</summary>
    public void ReturnIfUnused(HostedProducer producer)
    {
        if (producer.Pipe is { IsReady: true } end && producer.Producer is { IsClosed: false, ConsumerCount: 0 } && tracks.Forget(producer))
        {
            router.Router.Close(router.Worker.Now, producer.Producer);
            PipeEnd there = end.Far;
            there.Router.Post(other => other.Pipes.Stop(there, producer.Id));
        }
    }

    // A track of another worker comes through a pipe from now on, under its own id.
    private void Accept(PipeEnd end, string producerId, ProducerNegotiation negotiation, bool paused)
    {
        if (!end.IsReady)
        {
            return;
        }

        Producer producer = router.Router.Produce(router.Worker.Now, end.Port, negotiation.Plan, paused);
        HostedProducer hosted = new(producerId, null, producer, negotiation, end);
        producer.Tag = hosted;
        tracks.Add(hosted);
    }

    // It was paused or resumed at home.
    private void Follow(string producerId, bool paused)
    {
        if (tracks.FindProducer(producerId) is { } producer)
        {
            router.SetPaused(producer.Producer, paused);
        }
    }

    // Its member is held back at home.
    private void FollowForwarding(string producerId, bool isForwarded)
    {
        if (tracks.FindProducer(producerId) is { } producer)
        {
            router.Router.SetForwarding(router.Worker.Now, producer.Producer, isForwarded);
        }
    }

    // It comes no longer; those who consume it are told by the events that follow.
    private void Drop(string producerId)
    {
        if (tracks.FindProducer(producerId) is { } producer && tracks.Forget(producer))
        {
            router.Router.Close(router.Worker.Now, producer.Producer);
        }
    }

    // ---- ends

    /// <summary>A pipe broke: its tracks end here and there. The next who wants one of them gets a new pipe.</summary>
    public void Break(PipeEnd end)
    {
        if (!end.IsReady)
        {
            return;
        }

        Forget(end);
        PipeEnd there = end.Far;
        there.Router.Post(other => other.Pipes.Forget(there));
    }

    /// <summary>The router closes.</summary>
    public void CloseAll()
    {
        foreach (PipeEnd end in Ends.ToArray())
        {
            Break(end);
        }
    }

    private PipeEnd EndTo(HostedRouter far)
    {
        if (_sending.TryGetValue(far, out PipeEnd? end))
        {
            return end;
        }

        PipeEnd here = PipeEnd.Create(router, far, bytes);
        here.Attach();
        _sending.Add(far, here);
        far.Post(other => other.Pipes.Attach(here.Far), orElse: () => router.Post(own => own.Pipes.Forget(here)));
        return here;
    }

    private void Attach(PipeEnd end)
    {
        end.Attach();
        _receiving.Add(end);
    }

    private void Stop(PipeEnd end, string producerId)
    {
        if (end.IsReady && end.Relays.Remove(producerId, out OutgoingRelay? relay))
        {
            foreach (Consumer consumer in relay.Consumers)
            {
                router.Router.Close(router.Worker.Now, consumer);
            }
        }
    }

    private void Forget(PipeEnd end)
    {
        if (!end.IsReady)
        {
            return;
        }

        if (!_receiving.Remove(end))
        {
            _sending.Remove(end.Far.Router);
        }

        end.Close(router.Worker.Now);
    }
}
