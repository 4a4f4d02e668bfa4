using Crosspoint.Contracts.Rtp;
using Crosspoint.Media.Allocation;
using Crosspoint.Media.Encryption;
using Crosspoint.Media.Layers;
using Crosspoint.Media.Plans;
using Crosspoint.Media.Speakers;
using Crosspoint.Media.Statistics;
using Crosspoint.Primitives;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Media;

/// <summary>A track that a peer sends, and those who consume it.</summary>
/// <remarks>One owner: the router's thread.</remarks>
public sealed class Producer : IDeadline
{
    private Consumer[] _consumers = new Consumer[4];
    private SpeakerLevel _level;
    private PacketFlow _flow;
    private WatchedLayers _watched;
    private AudiblePlace _place;
    private QualityScore _score;

    internal Producer(RouterTransport transport, ProducerPlan plan, bool paused)
    {
        Transport = transport;
        Plan = plan;
        IsPaused = paused;
        _watched = new WatchedLayers(transport.Router.Options.UnwatchedAfter);
        Streams = new ProducerStream[plan.Encodings.Count];
        for (int i = 0; i < Streams.Length; i++)
        {
            Streams[i] = new ProducerStream(this, plan.Encodings[i], i);
        }

        Layers = new LayerBitrates(this);
    }

    /// <summary>What it sends.</summary>
    public ProducerPlan Plan { get; }

    /// <summary>The transport it sends on.</summary>
    public RouterTransport Transport { get; }

    /// <summary>For the shell to find its own object again.</summary>
    public object? Tag { get; set; }

    /// <summary>True while its packets are not forwarded.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>True once it is closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>True while its member is one that nothing is forwarded from.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What is looked at in its frames; null in a room where frames are not encrypted.</summary>
    internal FrameCheck? FrameCheck { get; set; }

    /// <inheritdoc/>
    int IDeadline.HeapIndex { get; set; } = -1;

    /// <summary>How many consume it.</summary>
    public int ConsumerCount { get; private set; }

    internal ProducerStream[] Streams { get; }

    /// <summary>What its layers cost, as last measured.</summary>
    internal LayerBitrates Layers { get; }

    internal ReadOnlySpan<Consumer> Consumers => _consumers.AsSpan(0, ConsumerCount);

    internal Consumer LastConsumer => _consumers[ConsumerCount - 1];

    /// <summary>Since when its packets come without a pause.</summary>
    internal ref PacketFlow Flow => ref _flow;

    /// <summary>Loudness; audio only.</summary>
    internal ref SpeakerLevel Level => ref _level;

    /// <summary>Its place among the loudest; audio only.</summary>
    internal ref AudiblePlace Place => ref _place;

    /// <summary>How well it arrives here.</summary>
    internal ref QualityScore Score => ref _score;

    /// <summary>When its person last became dominant.</summary>
    internal Instant SpokeAt { get; set; } = Instant.Zero;

    /// <summary>What its sender was told is watched.</summary>
    internal ref WatchedLayers Watched => ref _watched;

    /// <summary>Spatial layers: its encodings, or those in its only one.</summary>
    internal int SpatialCount => Streams.Length > 1 ? Math.Min(Streams.Length, LayerMask.SpatialLayers) : Streams[0].Layers.SpatialCount;

    /// <summary>Temporal layers of the encoding that has most.</summary>
    internal int TemporalCount
    {
        get
        {
            int count = 1;
            foreach (ProducerStream stream in Streams)
            {
                count = Math.Max(count, stream.Layers.TemporalCount);
            }

            return count;
        }
    }

    internal bool IsVideo => Plan.Kind == MediaKind.Video;

    /// <summary>Whose frames it sends: the leaf of its member in the group, and of what kind they are. In an encrypted room no frame passes before.</summary>
    /// <param name="leaf">0 to 1023.</param>
    /// <param name="kind">As the key ids of its frames say.</param>
    public void SetFrameLeaf(int leaf, SFrameKind kind) => RoomGuard.SetSender(this, leaf, kind);

    /// <summary>What has been received.</summary>
    public ProducerStatistics GetStatistics()
    {
        (long packets, long bytes, long lost, long repaired, long nacks, long requests, long keyFrames) = (0, 0, 0, 0, 0, 0, 0);
        foreach (ProducerStream stream in Streams)
        {
            packets += stream.Packets;
            bytes += stream.Bytes;
            lost += stream.Lost;
            repaired += stream.Repaired;
            nacks += stream.NacksSent;
            requests += stream.KeyFrameRequestsSent;
            keyFrames += stream.KeyFrames;
        }

        TimeSpan jitter = TimeSpan.Zero;
        foreach (ProducerStream stream in Streams)
        {
            jitter = stream.HasPackets ? stream.Jitter : jitter;
        }

        return new ProducerStatistics(packets, bytes, lost, repaired, nacks, requests, keyFrames, jitter, Transport.MeasuredRoundTrip);
    }

    /// <summary>Packets that came and that did not, of all its streams.</summary>
    internal (long Packets, long Lost) CountArrivals()
    {
        (long packets, long lost) = (0, 0);
        foreach (ProducerStream stream in Streams)
        {
            packets += stream.Packets;
            lost += stream.Lost;
        }

        return (packets, lost);
    }

    /// <summary>Closes it and gives stored packets back.</summary>
    internal void Release()
    {
        IsClosed = true;
        foreach (ProducerStream stream in Streams)
        {
            stream.Dispose();
        }
    }

    /// <summary>To the farthest of those who may ask for a packet again.</summary>
    internal TimeSpan LongestRoundTrip()
    {
        TimeSpan longest = Transport.Router.Options.AssumedRoundTrip;
        foreach (Consumer consumer in Consumers)
        {
            longest = consumer.MeasuredRoundTrip is { } roundTrip && roundTrip > longest ? roundTrip : longest;
        }

        return longest;
    }

    internal void Attach(Consumer consumer)
    {
        if (ConsumerCount == _consumers.Length)
        {
            Array.Resize(ref _consumers, ConsumerCount * 2);
        }

        _consumers[ConsumerCount++] = consumer;
    }

    internal void Detach(Consumer consumer)
    {
        int index = Array.IndexOf(_consumers, consumer, 0, ConsumerCount);
        if (index >= 0)
        {
            _consumers[index] = _consumers[--ConsumerCount];
            _consumers[ConsumerCount] = null!;
        }
    }

    /// <summary>True when that is a change.</summary>
    internal bool SetPaused(bool paused)
    {
        if (IsPaused == paused || IsClosed)
        {
            return false;
        }

        IsPaused = paused;
        foreach (ProducerStream stream in Streams)
        {
            stream.ForgetMissing();
        }

        AwaitStart();
        return true;
    }

    /// <summary>Nothing of it is forwarded, or it is again.</summary>
    internal void SetStopped(bool stopped)
    {
        IsStopped = stopped;
        foreach (ProducerStream stream in Streams)
        {
            stream.ForgetMissing();
        }
    }

    /// <summary>A frame of a stream is left out, and with it all that refers to it: who is sent the stream begins again at a keyframe.</summary>
    internal void Interrupt(ProducerStream stream)
    {
        foreach (Consumer consumer in Consumers)
        {
            if (consumer.Stream == stream)
            {
                consumer.AwaitStart(newTimeline: false);
            }
        }
    }

    /// <summary>Asks for a keyframe of every encoding that somebody is sent or could be.</summary>
    internal void WantKeyFrame(Instant now)
    {
        foreach (Consumer consumer in Consumers)
        {
            consumer.WantKeyFrame(now);
        }
    }

    /// <summary>What is forwarded is interrupted; numbers go on without a gap.</summary>
    internal void AwaitStart()
    {
        foreach (Consumer consumer in Consumers)
        {
            consumer.AwaitStart(newTimeline: false);
        }
    }

    /// <summary>What follows is forwarded again after a silence.</summary>
    internal void BeginSpurt()
    {
        foreach (Consumer consumer in Consumers)
        {
            consumer.BeginSpurt();
        }
    }

    /// <summary>The numbering of a stream begins anew.</summary>
    internal void BeginTimeline(ProducerStream stream)
    {
        foreach (Consumer consumer in Consumers)
        {
            if (consumer.Stream == stream)
            {
                consumer.AwaitStart(newTimeline: true);
            }
        }
    }

    /// <summary>A packet says how loud it is: the octet of RFC 6464, its flag of voice activity not looked at. What is relayed was judged where it came from.</summary>
    internal void ReportLevel(Instant now, byte level)
    {
        if (!Plan.IsRelayed)
        {
            Transport.Router.Speakers.Report(now, this, level & 0x7F);
        }
    }
}
