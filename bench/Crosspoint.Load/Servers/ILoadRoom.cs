using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;

namespace Crosspoint.Load.Servers;

/// <summary>A room of a server, with the signalling of everybody in it. Publishers come before their subscribers.</summary>
/// <remarks>One caller at a time, unless an implementation says more.</remarks>
internal interface ILoadRoom : IAsyncDisposable
{
    /// <summary>How the frames of its publisher must look; null in rooms whose frames are not encrypted.</summary>
    FrameSeal? Seal => null;

    /// <summary>
    /// Joins, opens a leg with <see cref="LoadEngine.Open"/>, tells the server of the tracks and waits for <see cref="Leg.Connected"/>.
    /// Nothing is sent yet: that is the caller's, with <see cref="LoadEngine.Publish"/>.
    /// </summary>
    Task<Leg> AddPublisherAsync(IReadOnlyList<TrackDescription> tracks, LegOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// So many participants join, each on a leg of its own, subscribe to everything published in the room so far, announce it with
    /// <see cref="Leg.Expect"/> and are connected when this completes.
    /// </summary>
    /// <param name="options">One for each of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Leg>> AddSubscribersAsync(IReadOnlyList<LegOptions> options, CancellationToken cancellationToken);

    /// <summary>A participant leaves and its leg is closed.</summary>
    Task RemoveAsync(Leg leg);
}
