using System.Net;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Tests;

public sealed class BatchTests
{
    private static readonly TransportAddress Somewhere = TransportAddress.From(IPAddress.Loopback, 9);

    [Fact]
    public void A_reservation_is_refused_when_the_datagrams_or_the_bytes_are_used_up()
    {
        var batch = new SendBatch(2, 100);
        Assert.Equal(60, batch.Reserve(60).Length);
        batch.Commit(50, Somewhere);
        Assert.True(batch.Reserve(51).IsEmpty);
        Assert.Equal(50, batch.Reserve(50).Length);
        batch.Commit(10, Somewhere);
        Assert.True(batch.Reserve(1).IsEmpty);
        batch.Clear();
        Assert.Equal(100, batch.Reserve(100).Length);
    }

    [Fact]
    public void Datagrams_lie_one_behind_the_other()
    {
        var batch = new SendBatch();
        batch.Reserve(100).Fill(1);
        batch.Commit(3, Somewhere);
        batch.Reserve(100).Fill(2);
        batch.Commit(2, Somewhere with { Port = 10 });
        Assert.Equal([1, 1, 1], batch.Datagram(0).ToArray());
        Assert.Equal([2, 2], batch.Datagram(1).ToArray());
        Assert.Equal(Somewhere with { Port = 10 }, batch.Destination(1));
    }

    [Fact]
    public void Committing_more_than_was_reserved_is_misuse()
    {
        var batch = new SendBatch();
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Commit(1, Somewhere));
        batch.Reserve(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Commit(11, Somewhere));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Commit(0, Somewhere));
        batch.Commit(10, Somewhere);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Commit(1, Somewhere));
    }

    [Fact]
    public void A_datagram_that_is_not_there_cannot_be_read()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SendBatch().Datagram(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatagramBatch().Datagram(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatagramBatch().Source(-1));
    }
}
