using System.Collections.Concurrent;
using Crosspoint.Contracts.Calls;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.CallsDoor;

/// <summary>A room behind the calls door. The first publisher makes it.</summary>
/// <remarks>Subscribers may be added and removed by several callers at a time.</remarks>
internal sealed class CrosspointRoom(LoadEngine engine, Uri door, string token, string name) : ILoadRoom
{
    // A storm is that: but not more at a time than a listen backlog takes.
    private const int JoinsAtATime = 32;

    private readonly string _id = $"{name}-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<Leg, CrosspointParticipant> _participants = new();
    private readonly List<string> _producers = [];
    private string? _joinToken;

    /// <inheritdoc/>
    public async Task<Leg> AddPublisherAsync(IReadOnlyList<TrackDescription> tracks, LegOptions options, CancellationToken cancellationToken)
    {
        CrosspointParticipant publisher = await CrosspointParticipant.OpenAsync(door, token, cancellationToken);
        _joinToken ??= await publisher.CreateRoomAsync(_id, cancellationToken);
        await publisher.JoinAsync(_id, _joinToken, cancellationToken);
        Leg leg = await publisher.OpenTransportAsync(engine, options, TransportDirection.Send, cancellationToken);
        _participants[leg] = publisher;
        foreach (TrackDescription track in tracks)
        {
            _producers.Add(await publisher.ProduceAsync(track, cancellationToken));
        }

        await leg.Connected.WaitAsync(cancellationToken);
        return leg;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Leg>> AddSubscribersAsync(IReadOnlyList<LegOptions> options, CancellationToken cancellationToken)
    {
        Leg[] legs = new Leg[options.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = JoinsAtATime, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, legs.Length, parallel, async (i, cancellation) => legs[i] = await AddSubscriberAsync(options[i], cancellation));
        return legs;
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(Leg leg)
    {
        engine.Close(leg);
        if (_participants.TryRemove(leg, out CrosspointParticipant? participant))
        {
            await participant.DisposeAsync();
        }
    }

    /// <summary>Everybody says that they are still there.</summary>
    public Task PingAllAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_participants.Values.Select(participant => participant.PingAsync(cancellationToken)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_participants.Keys.Select(RemoveAsync));
    }

    private async Task<Leg> AddSubscriberAsync(LegOptions options, CancellationToken cancellationToken)
    {
        CrosspointParticipant subscriber = await CrosspointParticipant.OpenAsync(door, token, cancellationToken);
        await subscriber.JoinAsync(_id, _joinToken, cancellationToken);
        Leg leg = await subscriber.OpenTransportAsync(engine, options, TransportDirection.Recv, cancellationToken);
        _participants[leg] = subscriber;
        foreach (string producer in _producers)
        {
            await subscriber.ConsumeAsync(producer, cancellationToken);
        }

        await leg.Connected.WaitAsync(cancellationToken);
        return leg;
    }
}
