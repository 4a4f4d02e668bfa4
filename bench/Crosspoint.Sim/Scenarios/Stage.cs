using Crosspoint.Media;
using Crosspoint.Media.Layers;
using Crosspoint.Netem;
using Crosspoint.Primitives;
using Crosspoint.Sim.Encode;
using Crosspoint.Sim.Publish;
using Crosspoint.Sim.Receive;
using Crosspoint.Sim.Server;
using Crosspoint.Sim.World;

namespace Crosspoint.Sim.Scenarios;

/// <summary>One run of a scenario: the clock, the server, who is there, and what is measured.</summary>
internal sealed class Stage : IDisposable
{
    /// <summary>A network that is nobody's trouble.</summary>
    public static readonly LinkPlan Good = new() { Rate = RatePlan.Steady(100_000), Delay = TimeSpan.FromMilliseconds(20) };

    private readonly List<(Instant At, Consumer Consumer, LayerId? Layer)> _layers = [];
    private int _links;

    public Stage(Policy policy, long seed, int rooms = 1)
    {
        Policy = policy;
        Seed = seed;
        Servers = [.. Enumerable.Range(0, rooms).Select(room => new SimServer(Time, Pool, SimRouterOptions.For(policy), (int)seed + room))];
        foreach (SimServer server in Servers)
        {
            server.Announced += Note;
        }
    }

    public Policy Policy { get; }

    public long Seed { get; }

    public VirtualTime Time { get; } = new();

    public PacketPool Pool { get; } = new();

    /// <summary>One router for each room.</summary>
    public IReadOnlyList<SimServer> Servers { get; }

    public List<Publisher> Publishers { get; } = [];

    public List<Subscriber> Subscribers { get; } = [];

    /// <summary>The links that the scenario is about.</summary>
    public List<LinkMeter> Meters { get; } = [];

    /// <summary>Changes of the layer that is sent, as the router announced them.</summary>
    public IReadOnlyList<(Instant At, Consumer Consumer, LayerId? Layer)> Layers => _layers;

    /// <summary>A path of its own seed.</summary>
    public NetPath Path(LinkPlan plan) => new(Time, Pool, plan with { Seed = Seed + (1000 * ++_links) });

    /// <summary>Somebody who sends.</summary>
    public Publisher AddPublisher(NetPath? up = null, NetPath? down = null, Bitrate? most = null, int room = 0)
    {
        Publisher publisher = new(Servers[room], Policy, up ?? Path(Good), down ?? Path(Good), most ?? Bitrate.FromKilobits(5000), Seed + Publishers.Count);
        Publishers.Add(publisher);
        return publisher;
    }

    /// <summary>Somebody who sends a camera and a microphone.</summary>
    public Publisher AddCamera(EncoderShape shape, NetPath? up = null, NetPath? down = null, int room = 0, bool withAudio = true)
    {
        Publisher publisher = AddPublisher(up, down, new Bitrate((shape.Max.BitsPerSecond * 110 / 100) + 60_000), room);
        ushort source = (ushort)(Publishers.Count * 2);
        publisher.AddVideo(shape, source);
        if (withAudio)
        {
            publisher.AddAudio((ushort)(source + 1));
        }

        return publisher;
    }

    /// <summary>Somebody who watches, so far nobody.</summary>
    public Subscriber AddSubscriber(NetPath? down = null, NetPath? up = null, int room = 0)
    {
        Subscriber subscriber = new(Servers[room], Policy, up ?? Path(Good), down ?? Path(Good), Seed + 500 + Subscribers.Count);
        Subscribers.Add(subscriber);
        return subscriber;
    }

    /// <summary>Watches and hears all of some publishers.</summary>
    public static void Watch(Subscriber subscriber, params IEnumerable<Publisher> publishers)
    {
        foreach (Track track in publishers.SelectMany(publisher => publisher.Tracks))
        {
            if (track.IsVideo)
            {
                subscriber.WatchVideo(track);
            }
            else
            {
                subscriber.HearAudio(track);
            }
        }
    }

    /// <summary>Measures what a subscriber gets of what his link carries.</summary>
    public LinkMeter Measure(Subscriber subscriber, double fromSeconds)
    {
        IReadOnlyList<Track> tracks = [.. Publishers.SelectMany(publisher => publisher.Tracks).Where(track => subscriber.Videos.Any(video => video.Source == track.Source))];
        double voices = subscriber.AudioTracks * Demand.Audio;
        return Add(new LinkMeter(Time, [subscriber.Port.Down], () => tracks.Sum(Demand.Of) + voices, fromSeconds));
    }

    /// <summary>Spatial layers that a receiver's link carries of a video: the lowest and the highest that he may be shown, once his link is known.</summary>
    public List<(VideoReceiver Video, int Lowest, int Highest)> Expected { get; } = [];

    /// <summary>When the links are known well enough for <see cref="Expected"/>.</summary>
    public Instant LayersFrom { get; set; }

    /// <summary>Measures what publishers who share a link get through it.</summary>
    public LinkMeter Measure(double fromSeconds, params IEnumerable<Publisher> publishers)
    {
        Publisher[] all = [.. publishers];
        return Add(new LinkMeter(Time, [.. all.Select(publisher => publisher.Port.Up)], () => all.Sum(Demand.Of), fromSeconds));
    }

    /// <summary>Does something later.</summary>
    public void At(double seconds, Action<Instant> action) => Time.At(Instant.FromMilliseconds(seconds * 1000), action);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SimServer server in Servers)
        {
            server.Dispose();
        }
    }

    private LinkMeter Add(LinkMeter meter)
    {
        Meters.Add(meter);
        Time.Arm(meter);
        return meter;
    }

    private void Note(Instant now, RouterEvent routerEvent)
    {
        if (routerEvent is { Kind: RouterEventKind.LayersChanged, Consumer: { } changed })
        {
            if (routerEvent.CurrentLayer is not { } layer || _layers.FindLast(entry => entry.Consumer == changed).Layer != layer)
            {
                _layers.Add((now, changed, routerEvent.CurrentLayer));
                if (Environment.GetEnvironmentVariable("SIM_TRACE") is not null)
                {
                    Console.Error.WriteLine($"{now}: {changed.Plan.Ssrc} -> {routerEvent.CurrentLayer} target {routerEvent.TargetLayer} {changed.Transport.GetDownlinkStatistics()}");
                }
            }
        }
        else if (routerEvent is { Kind: RouterEventKind.WatchedLayersChanged, Producer: { } producer })
        {
            Track? track = Publishers.SelectMany(publisher => publisher.Tracks).FirstOrDefault(track => track.Producer == producer);
            track?.Encoder?.SetHighest(routerEvent.WatchedSpatial ?? 0);
        }
    }
}
