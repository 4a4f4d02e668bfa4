using Crosspoint.Media;
using Crosspoint.Primitives;
using Crosspoint.Rtc;
using Crosspoint.Workers.Fairness;

namespace Crosspoint.Workers.Pipes;

/// <summary>
/// One end of a pipe between two workers on which a room lives. To its router it is a transport like a peer's: at the sending end
/// tracks of the room are consumed, at the receiving end they are produced. Reports go along with the tracks, NACK and PLI come back.
/// </summary>
/// <remarks>Owned by its router's worker thread, except <see cref="TryQueue"/>.</remarks>
internal sealed class PipeEnd : IPacketSink
{
    // A turn takes this much from one pipe, as from the socket: commands and other rooms come in between.
    private const int RecordsPerTurn = 256;

    // Given to me.
    private readonly PipeRing _outgoing;
    private readonly PipeRing _incoming;
    private readonly PipeSide _side;
    private readonly WorkerMeters _meters;

    // State.
    private int _isQueued;
    private uint _lastSsrc;

    private PipeEnd(HostedRouter router, PipeRing outgoing, PipeRing incoming)
    {
        Router = router;
        _outgoing = outgoing;
        _incoming = incoming;
        _side = router.Worker.Pipes;
        _meters = router.Worker.Meters;
    }

    /// <summary>Whose end it is.</summary>
    public HostedRouter Router { get; }

    /// <summary>The other end; of it only what is for any thread may be used.</summary>
    public PipeEnd Far { get; private set; } = null!;

    /// <summary>Its place in the router.</summary>
    public RouterTransport Port { get; private set; } = null!;

    /// <summary>True from <see cref="Attach"/> to <see cref="Close"/>.</summary>
    public bool IsReady { get; private set; }

    /// <summary>At the sending end: the tracks that go through, by the producer's id.</summary>
    public Dictionary<string, OutgoingRelay> Relays { get; } = new(StringComparer.Ordinal);

    /// <summary>The next in the worker's inbox; kept by it.</summary>
    public PipeEnd? NextInInbox { get; set; }

    /// <summary>True while it has written something in this turn; kept by <see cref="PipeSide"/>.</summary>
    public bool IsWritten { get; set; }

    /// <summary>Both ends of a new pipe, not yet attached.</summary>
    /// <param name="from">Where tracks come from.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="bytes">Room for what is under way; feedback gets a sixteenth of it the other way.</param>
    public static PipeEnd Create(HostedRouter from, HostedRouter to, int bytes)
    {
        PipeRing forth = new(bytes);
        PipeRing back = new(bytes / 16);
        PipeEnd sending = new(from, forth, back);
        PipeEnd receiving = new(to, back, forth);
        (sending.Far, receiving.Far) = (receiving, sending);
        return sending;
    }

    /// <summary>Takes its place in the router.</summary>
    public void Attach()
    {
        Port = Router.Router.AddRelay(this);
        IsReady = true;
    }

    /// <summary>Leaves the router; tracks that went through end there.</summary>
    public void Close(Instant now)
    {
        IsReady = false;
        _meters.ClosedMedia.Add(Port);
        Router.Router.RemoveTransport(now, Port);
    }

    /// <summary>An SSRC that no other track of this pipe has.</summary>
    public Ssrc NextSsrc() => new(++_lastSsrc);

    /// <inheritdoc/>
    public void SendRtp(Instant now, ReadOnlySpan<byte> header, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> payload, PayloadTraits traits) =>
        Write(PipeRecord.Rtp, header, prefix, payload);

    /// <inheritdoc/>
    public void SendRtcp(Instant now, ReadOnlySpan<byte> packet) => Write(PipeRecord.Rtcp, packet, default);

    /// <summary>At the receiving end: this much of a track is watched here, and no more need come. The other end passes it on as a consumer's wish.</summary>
    public void TellWatched(string producerId, int? spatial)
    {
        PipeEnd there = Far;
        there.Router.Post(other => other.Pipes.Wish(there, producerId, spatial));
    }

    /// <summary>Shows the other end what was written in this turn.</summary>
    public void Publish()
    {
        IsWritten = false;
        _outgoing.Publish();
        if (Far.TryQueue())
        {
            Far._side.Post(Far);
        }
    }

    /// <summary>True when it is not queued in its worker's inbox yet, and is from now on. Any thread.</summary>
    public bool TryQueue() => Interlocked.Exchange(ref _isQueued, 1) == 0;

    /// <summary>It was taken from the inbox: what is published from now on queues it again.</summary>
    public void Unqueue() => Interlocked.Exchange(ref _isQueued, 0);

    /// <summary>Routes what came, a bounded number of packets and within its router's share of the turn; true when there may be more.</summary>
    public bool Receive(Instant now, MediaGate media)
    {
        for (int i = 0; i < RecordsPerTurn && media.HasRoomFor(Router.Share); i++)
        {
            long before = media.Mark;
            if (!_incoming.TryRead(out PipeRecord kind, out ReadOnlySpan<byte> packet))
            {
                return false;
            }

            _meters.Counters.PipedReceived++;
            if (kind == PipeRecord.Rtp)
            {
                Router.Router.HandleRtp(now, Port, packet, PayloadTraits.Stays);
            }
            else
            {
                Router.Router.HandleRtcp(now, Port, packet);
            }

            media.Charge(now, Router.Share, before);
        }

        return true;
    }

    /// <summary>What was received is no longer used.</summary>
    public void Release() => _incoming.Release();

    private void Write(PipeRecord kind, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default)
    {
        if (!_outgoing.TryWrite(kind, first, second, third))
        {
            _meters.Counters.Drops.Add(WorkerDropReason.PipeFull);
        }
        else
        {
            _meters.Counters.PipedSent++;
        }

        // Also when it is full: then the other end had better hurry.
        _side.NoteWritten(this);
    }
}
