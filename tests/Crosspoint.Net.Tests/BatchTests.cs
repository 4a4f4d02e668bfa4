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
    public void Messages_lie_one_behind_the_other()
    {
        var batch = new SendBatch();
        batch.Reserve(100).Fill(1);
        batch.Commit(3, Somewhere);
        batch.Reserve(100).Fill(2);
        batch.Commit(2, Somewhere with { Port = 10 });
        Assert.Equal([1, 1, 1], batch.Message(0).ToArray());
        Assert.Equal([2, 2], batch.Message(1).ToArray());
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
        Assert.Throws<ArgumentOutOfRangeException>(() => new SendBatch().Message(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatagramBatch().Datagram(0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatagramBatch().Source(-1));
    }

    [Fact]
    public void A_message_of_several_datagrams_has_limits()
    {
        var batch = new SendBatch();
        Refused(64 * 10 + 1, 10);
        Refused(SendBatch.MaxMessageBytes + 1, 1200);
        Refused(0, 10);
        Refused(10, 0);
        Accepted(64 * 10, 10, 10);
        Accepted(SendBatch.MaxMessageBytes, 1200, 1200);
        Accepted(5, 10, 5);
        Accepted(5, int.MaxValue, 5);

        void Refused(int length, int segment)
        {
            batch.Reserve(66_000);
            Assert.Throws<ArgumentOutOfRangeException>(() => batch.Commit(length, segment, Somewhere, TransportAddress.None));
        }

        void Accepted(int length, int segment, int segmentBytes)
        {
            Assert.Equal(length, batch.Reserve(length).Length);
            batch.Commit(length, segment, Somewhere, Somewhere);
            Assert.Equal(segmentBytes, batch.SegmentBytes(batch.Count - 1));
            Assert.Equal(length, batch.Message(batch.Count - 1).Length);
            Assert.Equal(Somewhere, batch.Source(batch.Count - 1));
        }
    }

    [Fact]
    public void A_batch_takes_many_messages_and_the_longest_one_by_default()
    {
        var batch = new SendBatch();
        Assert.Equal(UdpSocket.MaxBatch, batch.Capacity);
        Assert.Equal(512 << 10, batch.Reserve(512 << 10).Length);
        Assert.Equal(SendBatch.MaxMessageBytes, new SendBatch(1).Reserve(SendBatch.MaxMessageBytes).Length);
    }
}
