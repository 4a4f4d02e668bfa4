using Crosspoint.Contracts.Rtp;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Load.Servers;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Load.Scenarios;

/// <summary>Fills rooms: publishers with their tracks and subscribers, all connected before anything is sent.</summary>
internal static class Traffic
{
    /// <summary>One room with so many publishers of a profile and so many subscribers; sending when this completes.</summary>
    public static async Task<ILoadRoom> FillAsync(
        IServerUnderTest server, LoadEngine engine, RoomPlan plan, CancellationToken cancellationToken)
    {
        ILoadRoom room = await server.CreateRoomAsync(engine, plan.Name, cancellationToken);
        List<(Leg Leg, TrackSource[] Tracks)> publishers = [];
        for (int i = 0; i < plan.Publishers; i++)
        {
            int seed = (plan.Seed * 1000) + i;
            TrackSource[] tracks = Tracks(plan.Media, seed);
            Leg leg = await room.AddPublisherAsync([.. tracks.Select(track => track.Description)], new LegOptions { Profile = plan.Profile }, cancellationToken);
            publishers.Add((leg, tracks));
        }

        await room.AddSubscribersAsync([.. Enumerable.Range(0, plan.Subscribers).Select(plan.Subscriber)], cancellationToken);
        foreach ((Leg leg, TrackSource[] tracks) in publishers)
        {
            engine.Publish(leg, tracks);
        }

        return room;
    }

    /// <summary>The tracks of one publisher.</summary>
    public static TrackSource[] Tracks(MediaProfile media, int seed)
    {
        List<TrackSource> tracks = [];
        uint ssrc = 0x1000_0000 + ((uint)seed * 16);
        if (media.Audio)
        {
            tracks.Add(new OpusSource(new TrackDescription(MediaKind.Audio, ssrc, "0"), media, seed));
        }

        if (media.VideoBitsPerSecond > 0)
        {
            tracks.Add(new Vp8Source(new TrackDescription(MediaKind.Video, ssrc + 1, "1"), media, seed));
        }

        return [.. tracks];
    }
}

/// <summary>One room of a load.</summary>
internal sealed record RoomPlan(string Name, SrtpProfile Profile, int Publishers, int Subscribers, MediaProfile Media)
{
    /// <summary>Decides SSRCs, sizes and phases.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many of the subscribers are probes of the delay.</summary>
    public int Probes { get; init; }

    /// <summary>The first subscriber checks every packet.</summary>
    public LegOptions Subscriber(int index) => new() { Profile = Profile, ChecksEverything = index == 0, IsProbe = index > 0 && index <= Probes };
}
