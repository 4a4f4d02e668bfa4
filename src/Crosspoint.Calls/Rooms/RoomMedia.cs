using Crosspoint.Calls.Door;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Rooms;

/// <summary>The media of a room as the door sees it: the books, the line to the media plane, and the verbs that use both.</summary>
/// <remarks>The room's mailbox owns it. The plane is asked first and the books are changed after it agreed; when it reports an end of its own, the books follow.</remarks>
internal sealed class RoomMedia : IAsyncDisposable
{
    // given to me
    private readonly Room _room;

    // made by me
    private readonly MediaBooks _books;
    private readonly MediaReports _reports;
    private readonly RoomPlane _plane;

    internal RoomMedia(Room room, RoomContext context)
    {
        _room = room;
        _books = new(room, context);
        _reports = new(room, context, _books);
        _plane = new(room, context, _reports);
        Transports = new(room, context, _plane, _books);
        Producers = new(room, context, _plane, _books);
        Consumers = new(room, context, _plane, _books);
    }

    /// <summary>TRANSPORT_*, ICE_RESTART.</summary>
    internal TransportVerbs Transports { get; }

    /// <summary>PRODUCE, PRODUCER_*.</summary>
    internal ProducerVerbs Producers { get; }

    /// <summary>CONSUME, CONSUMER_*.</summary>
    internal ConsumerVerbs Consumers { get; }

    /// <summary>Any thread.</summary>
    internal int ProducerCount => _books.ProducerCount;

    /// <summary>Any thread.</summary>
    internal int AudioProducerCount => _books.AudioProducerCount;

    internal RtpCapabilities RouterRtpCapabilities => _plane.RouterRtpCapabilities;

    internal IEnumerable<ProducerSummary> Summarise() => _books.Producers.Select(producer => producer.Summarise());

    /// <summary>Makes the room's media side if there is none; the refusal when that is impossible now.</summary>
    internal ValueTask<Outcome?> EnsureAsync() => _plane.EnsureAsync();

    /// <summary>A peer is back on a new socket: it is told how its tracks stand.</summary>
    internal void TellAgain(Peer peer) => _reports.TellAgain(peer);

    /// <summary>A peer came: it is told whom the room looks at.</summary>
    internal void TellDominant(Peer peer) => _reports.TellDominant(peer);

    // --- orders of the room's keys; what fails here is refused by the gate and by the receivers' keys ---

    internal ValueTask SetFrameEpochsAsync(ulong current, ulong oldest) => _plane.SetFrameEpochsAsync(current, oldest);

    internal ValueTask RequestKeyframesAsync() => _plane.QuietlyAsync((plane, token) => plane.RequestKeyframesAsync(token));

    /// <summary>Media to and from a device flows, or does not.</summary>
    internal async ValueTask SetForwardingAsync(string deviceId, bool isForwarded)
    {
        foreach (string transportId in _room.Find(deviceId)?.Transports.Keys.ToArray() ?? [])
        {
            await _plane.QuietlyAsync((plane, token) => plane.SetForwardingAsync(transportId, isForwarded, token));
        }
    }

    /// <summary>A device has this leaf now: its frames must name it.</summary>
    internal async ValueTask SetFrameLeafAsync(string deviceId, int leaf)
    {
        foreach (RoomProducer producer in _books.Producers.Where(producer => producer.Owner.DeviceId == deviceId).ToArray())
        {
            await _plane.QuietlyAsync((plane, token) => plane.SetFrameLeafAsync(producer.Id, leaf, producer.Kind, producer.Source, token));
        }
    }

    /// <summary>A peer leaves: whatever it had goes with it.</summary>
    internal async ValueTask RemovePeerAsync(Peer peer)
    {
        foreach (RoomProducer producer in _books.Producers.Where(producer => producer.Owner == peer).ToArray())
        {
            _books.Unbook(producer, ProducerRemovedReason.PeerLeft, except: peer);
        }

        peer.Consumers.Clear();
        foreach (string transportId in peer.Transports.Keys.ToArray())
        {
            await _plane.QuietlyAsync((plane, token) => plane.CloseTransportAsync(transportId, token));
        }

        peer.Transports.Clear();
    }

    public ValueTask DisposeAsync() => _plane.DisposeAsync();
}
