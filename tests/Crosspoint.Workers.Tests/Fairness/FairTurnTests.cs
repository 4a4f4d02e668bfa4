using System.Threading.Channels;
using Crosspoint.Media;
using Crosspoint.Media.Negotiation;
using Crosspoint.Micro.Allocations;
using Crosspoint.Primitives;
using Crosspoint.Workers.Fairness;

namespace Crosspoint.Workers.Tests.Fairness;

/// <summary>
/// A large room whose media takes three times what a turn has, and a small one, in virtual time: each packet is authenticated, routed and put into the flight
/// as on a worker, only nothing is sent.
/// </summary>
public sealed class FairTurnTests : IDisposable
{
    private const int Capacity = 256;
    private const int Audience = 400;
    private static readonly TimeSpan TurnTime = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly Worker _worker;
    private readonly WorkerMeters _meters = new();
    private readonly Egress _egress;
    private readonly TurnBudget _budget = new(TurnTime);
    private readonly MediaGate _gate;
    private readonly RouterPlan _plan;
    private readonly FairRoom _large;
    private readonly FairRoom _small;
    private Instant _now = Instant.FromMilliseconds(1000);

    public FairTurnTests()
    {
        FragmentDirectory directory = new();
        _worker = new Worker(0, TestCall.Options, new MonotonicClock(), directory, null, incident => Assert.Fail(incident.What));
        _egress = new Egress(_worker.Socket, new TcpSide(), new DepartureClock(new MonotonicClock()), _meters, (_, _) => { }); // the audience has no session: what does not fit into a flight goes nowhere
        TcpSide tcp = new();
        Ingress ingress = new(new TransportTable(_worker, directory, null), tcp, new FloodGate(1, 1), new Agenda(), _meters, null);
        _gate = new MediaGate(ingress, _egress, _budget, new MediaBacklog(Capacity, LongestWait, _meters), new WorkerFaults(0, _meters, incident => Assert.Fail(incident.Exception!.ToString())));
        _plan = new(new RtpNegotiator(CodecPolicy.Default), new RoomNotifications(Channel.CreateUnbounded<RouterNotification>().Writer, 1, 5), 1 << 16);
        _large = new FairRoom(_worker, _egress, _plan, Audience);
        _small = new FairRoom(_worker, _egress, _plan, 1);
    }

    [Fact]
    public void A_small_room_waits_for_no_other_and_loses_nothing()
    {
        for (int turn = 0; turn < 500; turn++)
        {
            Turn(largeVideo: 20, smallVideo: 1);
            Assert.Equal(turn + 1, _small.Video.Forwarded);
            Assert.Equal(0, _small.Router.Share.Waiting);
            Assert.InRange(_budget.Spent, 0, (_budget.Total * 3 / 2) + (2 * (Audience + 1)));
        }

        Assert.True(_small.Video.IsInOrder && _large.Video.IsInOrder);
        Assert.True(Dropped > 0);
    }

    [Fact]
    public void What_is_dropped_is_counted_and_what_waits_is_bounded()
    {
        long offered = 0;
        for (int turn = 0; turn < 500; turn++)
        {
            Turn(largeVideo: 20, smallVideo: 1);
            offered += 20;
            int waiting = _large.Router.Share.Waiting;
            Assert.InRange(waiting, 0, Capacity);
            Assert.Equal(offered, _large.Video.Forwarded + Dropped + waiting);
            Assert.True(_large.Video.LongestDelay <= LongestWait, $"waited {_large.Video.LongestDelay}");
        }

        // Two thirds are too much; half a turn more is served than was thought.
        Assert.InRange(Dropped, offered / 3, offered * 3 / 4);
        Assert.Equal(0, _meters.Counters.TransportFaults);
    }

    [Fact]
    public void Without_places_the_oldest_of_the_longest_goes()
    {
        Turn(largeVideo: 0, smallVideo: 1);
        Turn(largeVideo: Capacity + 100, smallVideo: 1);
        long first = _large.Video.Forwarded;
        Assert.Equal(2, _small.Video.Forwarded);
        Assert.True(Dropped > 0);
        Turn(largeVideo: 0, smallVideo: 1);
        Assert.True(_large.Video.Last > Dropped + first, "younger ones than those dropped were served");
        Assert.True(_large.Video.IsInOrder);
    }

    [Fact]
    public void Audio_of_the_large_room_is_not_delayed_by_its_video()
    {
        for (int turn = 0; turn < 500; turn++)
        {
            Turn(largeVideo: 20, smallVideo: 1, largeAudio: 1);
        }

        Assert.Equal(500, _large.Audio.Forwarded);
        Assert.True(_large.Audio.IsInOrder);
        Assert.InRange(_large.Audio.LongestDelay, TimeSpan.Zero, 2 * TurnTime);
        Assert.True(Dropped > 0);
    }

    [Fact]
    public void When_the_load_falls_all_is_well_within_a_second()
    {
        for (int turn = 0; turn < 200; turn++)
        {
            Turn(largeVideo: 20, smallVideo: 1);
        }

        long lastDrop = Dropped;
        Instant fallen = _now;
        Instant lastLoss = _now;
        for (int turn = 0; turn < 500; turn++)
        {
            Turn(largeVideo: 3, smallVideo: 1);
            lastLoss = Dropped > lastDrop ? _now : lastLoss;
            lastDrop = Dropped;
        }

        Assert.InRange(lastLoss - fallen, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        Assert.False(_gate.HasWork);
        Assert.Equal(0, _large.Router.Share.Waiting);
    }

    [Fact]
    public void Rooms_beyond_their_share_get_the_same_however_large_they_are()
    {
        const int OtherAudience = 100;
        using FairRoom other = new(_worker, _egress, _plan, OtherAudience);
        for (int turn = 0; turn < 500; turn++)
        {
            Turn(largeVideo: 20, smallVideo: 1, act: () => Offer(other, other.Video, 40));
        }

        double large = _large.Video.Forwarded * (Audience + 1.0);
        double medium = other.Video.Forwarded * (OtherAudience + 1.0);
        Assert.InRange(large / medium, 0.8, 1.25);
        Assert.True(other.Video.Forwarded < 500 * 40, "both are beyond their share");
        Assert.Equal(500, _small.Video.Forwarded);
    }

    [Fact]
    public void It_costs_no_allocation() =>
        Assert.Equal(0, AllocationMeter.Count(500, () => Turn(largeVideo: 20, smallVideo: 1, largeAudio: 1)));

    public void Dispose()
    {
        _large.Dispose();
        _small.Dispose();
        _egress.Dispose();
        _worker.Dispose();
    }

    private long Dropped => _meters.Counters.Drops.Of(WorkerDropReason.Overloaded);

    private void Turn(int largeVideo, int smallVideo, int largeAudio = 0, Action? act = null)
    {
        _now += TurnTime;
        _budget.Begin(_now);
        _gate.BeginTurn();
        Offer(_large, _large.Video, largeVideo);
        Offer(_large, _large.Audio, largeAudio);
        Offer(_small, _small.Video, smallVideo);
        act?.Invoke();
        _gate.ServeBacklog(_now);
        _egress.Discard();
    }

    private void Offer(FairRoom room, FairTrack track, int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            _gate.Deliver(_now, room.Transport, track.Next(_now), PayloadTraits.Stays);
        }
    }
}
