using Crosspoint.Contracts.Rtp;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.Scenarios;

/// <summary>Fills rooms: publishers with their tracks and subscribers, all connected before anything is sent.</summary>
internal static class Traffic
{
    /// <summary>One room with so many publishers of a profile and so many subscribers; sending when this completes.</summary>
    public static async Task<LoadedRoom> FillAsync(
        IServerUnderTest server, LoadEngine engine, RoomPlan plan, CancellationToken cancellationToken)
    {
        ILoadRoom room = await server.CreateRoomAsync(engine, plan.Name, cancellationToken);
        List<(Leg Leg, TrackSource[] Tracks)> publishers = [];
        for (int i = 0; i < plan.Publishers; i++)
        {
            int seed = (plan.Seed * 1000) + i;
            TrackSource[] tracks = Tracks(plan.Media, seed, room.Seal);
            Leg leg = await room.AddPublisherAsync([.. tracks.Select(track => track.Description)], new LegOptions { Profile = plan.Profile }, cancellationToken);
            publishers.Add((leg, tracks));
        }

        await room.AddSubscribersAsync([.. Enumerable.Range(0, plan.Subscribers).Select(plan.Subscriber)], cancellationToken);
        foreach ((Leg leg, TrackSource[] tracks) in publishers)
        {
            engine.Publish(leg, tracks);
        }

        return new LoadedRoom(engine, room, [.. publishers.Select(publisher => publisher.Leg)]);
    }

    /// <summary>The tracks of one publisher; encrypted to look at when there is a seal.</summary>
    public static TrackSource[] Tracks(MediaProfile media, int seed, FrameSeal? seal = null)
    {
        List<TrackSource> tracks = [];
        uint ssrc = 0x1000_0000 + ((uint)seed * 16);
        if (media.Audio)
        {
            tracks.Add(new OpusSource(new TrackDescription(MediaKind.Audio, ssrc, "0"), media, seed, seal));
        }

        if (media.VideoBitsPerSecond > 0)
        {
            tracks.Add(new Vp8Source(new TrackDescription(MediaKind.Video, ssrc + 1, "1"), media, seed, seal));
        }

        return [.. tracks];
    }
}
