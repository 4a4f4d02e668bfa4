using Crosspoint.Primitives;
using Crosspoint.Workers.Load;

namespace Crosspoint.Workers.Tests;

public class PlacementTests
{
    private readonly WorkerLoad[] _loads = [new(true, 0, false), new(true, 0, false), new(true, 0, false)];
    private Instant _now = Instant.Zero;

    [Fact]
    public void Rooms_go_to_the_least_loaded_worker()
    {
        Load(0, 0.5);
        Load(1, 0.2);
        Load(2, 0.4);
        Assert.Equal(1, Make(0.5).PlaceRoom(_now));
    }

    [Fact]
    public void Among_idle_workers_rooms_go_round()
    {
        Placement placement = Make(0.5);
        int[] rooms = new int[3];
        for (int i = 0; i < 30; i++)
        {
            rooms[placement.PlaceRoom(_now)]++;
            _now += TimeSpan.FromSeconds(60);
        }

        Assert.Equal([10, 10, 10], rooms);
    }

    [Fact]
    public void Rooms_that_ended_no_longer_count()
    {
        Placement placement = Make(0.5);
        for (int i = 0; i < 3; i++)
        {
            placement.PlaceRoom(_now);
        }

        placement.ForgetRoom(2);
        _now += TimeSpan.FromSeconds(60);
        Assert.Equal(2, placement.PlaceRoom(_now));
    }

    [Fact]
    public void A_storm_spreads_before_any_load_is_measured()
    {
        Placement placement = Make(0.5);
        int[] rooms = new int[3];
        Load(0, 0.1);
        for (int i = 0; i < 60; i++)
        {
            rooms[placement.PlaceRoom(_now)]++;
        }

        Assert.All(rooms, count => Assert.InRange(count, 15, 25));
    }

    [Fact]
    public void Busy_and_dead_workers_get_nothing()
    {
        Placement placement = Make(0.5);
        _loads[0] = new(true, 0.9, true);
        _loads[1] = new(false, 0, false);
        Assert.Equal(2, placement.PlaceRoom(_now));
        _loads[2] = new(true, 0.9, true);
        Assert.Equal(-1, placement.PlaceRoom(_now));
        Assert.Equal(-1, placement.PlaceTransport(_now, 2, [0, 0, 0]));
    }

    [Theory]
    [InlineData(0.4, 0.0, 0)] // home is not loaded enough
    [InlineData(0.6, 0.0, 1)]
    [InlineData(0.6, 0.45, 0)] // the other is not clearly less loaded
    public void A_transport_leaves_home_when_home_is_loaded_and_another_clearly_less(double home, double other, int expected)
    {
        Load(0, home);
        Load(1, other);
        Load(2, 1);
        Assert.Equal(expected, Make(0.5).PlaceTransport(_now, 0, [1, 0, 0]));
    }

    [Fact]
    public void A_worker_that_has_the_pipes_already_is_preferred()
    {
        Load(0, 0.8);
        Load(1, 0.25);
        Load(2, 0.2);
        Assert.Equal(1, Make(0.5).PlaceTransport(_now, 0, [1, 1, 0]));
    }

    [Fact]
    public void A_busy_home_sends_its_transports_elsewhere()
    {
        _loads[0] = new(true, 0.95, true);
        Load(1, 0.8);
        Load(2, 0.7);
        Assert.Equal(2, Make(0.5).PlaceTransport(_now, 0, [9, 0, 0]));
    }

    [Fact]
    public void Many_silent_listeners_of_one_room_spread_before_anybody_speaks()
    {
        Placement placement = Make(0.5);
        int[] transports = new int[3];
        for (int i = 0; i < 900; i++)
        {
            transports[placement.PlaceTransport(_now, 0, transports)]++;
            _now += TimeSpan.FromSeconds(1);
        }

        Assert.All(transports, count => Assert.InRange(count, 200, 450));
    }

    [Fact]
    public void Without_spreading_a_transport_stays_home_or_is_refused()
    {
        Placement placement = Make(double.PositiveInfinity);
        Load(0, 1);
        Assert.Equal(0, placement.PlaceTransport(_now, 0, [500, 0, 0]));
        _loads[0] = new(true, 1, true);
        Assert.Equal(-1, placement.PlaceTransport(_now, 0, [500, 0, 0]));
    }

    private Placement Make(double spreadAbove) => new(_loads.Length, index => _loads[index], spreadAbove);

    private void Load(int worker, double ratio) => _loads[worker] = new(true, ratio, false);
}
