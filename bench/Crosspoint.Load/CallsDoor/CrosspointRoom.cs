using System.Collections.Concurrent;
using Crosspoint.Contracts.Calls;
using Crosspoint.Load.Engine;
using Crosspoint.Load.Media;
using Crosspoint.Load.Servers;

namespace Crosspoint.Load.CallsDoor;

/// <summary>A room behind the calls door. The first publisher makes it.</summary>
/// <remarks>Subscribers may be added and removed by several callers at a time.</remarks>
internal sealed class CrosspointRoom(LoadEngine engine, Uri door, string token, string name, bool isEncrypted) : ILoadRoom
{
    // A storm is that: but not more at a time than a listen backlog takes.
    private const int JoinsAtATime = 32;

    private readonly string _id = $"{name}-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<Leg, CrosspointParticipant> _participants = new();
    private readonly List<string> _producers = [];
    private GroupMember? _keys;
    private string? _joinToken;
    private int _entered;

    /// <inheritdoc/>
    /// <remarks>The first publisher makes the group, in leaf 0; the room has one publisher then.</remarks>
    public FrameSeal? Seal { get; } = isEncrypted ? new FrameSeal(0) : null;

    /// <inheritdoc/>
    public async Task<Leg> AddPublisherAsync(IReadOnlyList<TrackDescription> tracks, LegOptions options, CancellationToken cancellationToken)
    {
        CrosspointParticipant publisher = await CrosspointParticipant.OpenAsync(door, token, isEncrypted, cancellationToken);
        _joinToken ??= await publisher.CreateRoomAsync(_id, cancellationToken);
        await publisher.JoinAsync(_id, _joinToken, cancellationToken);
        Interlocked.Increment(ref _entered);
        if (publisher.Keys is not null)
        {
            _keys ??= publisher.Keys;
            await SettleAsync(cancellationToken);
        }

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
        if (_keys is null)
        {
            await Parallel.ForAsync(0, legs.Length, parallel, async (i, cancellation) => legs[i] = await WatchAsync(await EnterAsync(cancellation), options[i], cancellation));
            return legs;
        }

        // Who watches must have the current epoch, and each who comes makes another.
        CrosspointParticipant[] entered = new CrosspointParticipant[options.Count];
        await Parallel.ForAsync(0, legs.Length, parallel, async (i, cancellation) => entered[i] = await EnterAsync(cancellation));
        await SettleAsync(cancellationToken);
        await Parallel.ForAsync(0, legs.Length, parallel, async (i, cancellation) => legs[i] = await WatchAsync(entered[i], options[i], cancellation));
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

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        long epoch = await _keys!.SettledAsync(_entered).WaitAsync(cancellationToken);
        Seal!.Epoch = (byte)(epoch - GroupMember.FirstEpoch);
    }

    private async Task<CrosspointParticipant> EnterAsync(CancellationToken cancellationToken)
    {
        CrosspointParticipant subscriber = await CrosspointParticipant.OpenAsync(door, token, isEncrypted, cancellationToken);
        await subscriber.JoinAsync(_id, _joinToken, cancellationToken);
        Interlocked.Increment(ref _entered);
        return subscriber;
    }

    private async Task<Leg> WatchAsync(CrosspointParticipant subscriber, LegOptions options, CancellationToken cancellationToken)
    {
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
