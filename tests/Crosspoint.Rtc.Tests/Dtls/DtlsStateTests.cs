using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;

namespace Crosspoint.Rtc.Tests.Dtls;

public class DtlsStateTests
{
    [Fact]
    public void The_transition_table_is_this_one()
    {
        var allowed = new HashSet<(DtlsState, DtlsState)>
        {
            (DtlsState.New, DtlsState.Connecting), (DtlsState.New, DtlsState.Closed),
            (DtlsState.Connecting, DtlsState.Verifying), (DtlsState.Connecting, DtlsState.Connected),
            (DtlsState.Connecting, DtlsState.Failed), (DtlsState.Connecting, DtlsState.Closed),
            (DtlsState.Verifying, DtlsState.Connected), (DtlsState.Verifying, DtlsState.Failed), (DtlsState.Verifying, DtlsState.Closed),
            (DtlsState.Connected, DtlsState.Failed), (DtlsState.Connected, DtlsState.Closed),
        };
        foreach (var from in Enum.GetValues<DtlsState>())
        {
            foreach (var to in Enum.GetValues<DtlsState>())
            {
                Assert.Equal(allowed.Contains((from, to)), DtlsStateTransitions.IsAllowed(from, to));
            }

            Assert.Equal(!allowed.Any(a => a.Item1 == from), DtlsStateTransitions.IsFinal(from));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Close_notify_ends_both_sides(bool clientCloses)
    {
        using var pair = new DtlsPair().ExchangeFingerprints().Start();
        Assert.True(pair.Connect());
        var (closer, other) = clientCloses ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        closer.Close(pair.Now);
        Assert.Equal((DtlsState.Closed, DtlsCloseReason.LocalClosed), (closer.State, closer.CloseReason));
        Assert.False(closer.TryExportSrtpKeys(out _));
        Assert.True(pair.RunUntil(() => other.State == DtlsState.Closed));
        Assert.Equal(DtlsCloseReason.RemoteClosed, other.CloseReason);
        Assert.Equal(new DtlsEvent(DtlsEventKind.StateChanged, DtlsState.Closed, DtlsCloseReason.RemoteClosed), (clientCloses ? pair.ServerEvents : pair.ClientEvents)[^1]);
    }

    [Fact]
    public void Closing_is_possible_in_every_state_and_twice()
    {
        using var pair = new DtlsPair();
        pair.Client.Close(pair.Now);
        pair.Client.Close(pair.Now);
        Assert.Equal(DtlsState.Closed, pair.Client.State);
        pair.Server.Start(pair.Now, DtlsRole.Server);
        pair.Server.Close(pair.Now);
        Assert.Equal(DtlsState.Closed, pair.Server.State);
        Assert.True(pair.Server.NextTimeout.IsNever);
    }

    [Fact]
    public void Starting_twice_is_a_misuse()
    {
        using var pair = new DtlsPair().Start();
        Assert.Throws<InvalidOperationException>(() => pair.Client.Start(Instant.Zero, DtlsRole.Client));
    }

    [Fact]
    public void Application_data_goes_both_ways_record_by_record()
    {
        using var pair = new DtlsPair().ExchangeFingerprints().Start();
        Assert.True(pair.Connect());
        var buffer = new byte[16384];
        foreach (var (from, to) in new[] { (pair.Client, pair.Server), (pair.Server, pair.Client) })
        {
            Assert.True(from.TrySendApplicationData("one"u8));
            Assert.True(from.TrySendApplicationData(new byte[from.MaxApplicationData]));
            Assert.False(from.TrySendApplicationData(new byte[from.MaxApplicationData + 1]));
            pair.RunUntil(() => false);
            Assert.True(to.TryReadApplicationData(buffer, out var length));
            Assert.Equal("one"u8, buffer.AsSpan(0, length));
            Assert.True(to.TryReadApplicationData(buffer, out length));
            Assert.Equal(from.MaxApplicationData, length);
            Assert.False(to.TryReadApplicationData(buffer, out _));
        }

        Assert.Single(pair.ServerEvents, e => e.Kind == DtlsEventKind.ApplicationDataAvailable);
    }

    [Fact]
    public void Queues_are_bounded_and_count_what_they_drop()
    {
        var options = new DtlsSessionOptions { MaxQueuedBytes = 8192 };
        using var pair = new DtlsPair(options, options).ExchangeFingerprints().Start();
        Assert.True(pair.Connect());
        var accepted = 0;
        for (var i = 0; i < 20; i++)
        {
            accepted += pair.Client.TrySendApplicationData(new byte[1000]) ? 1 : 0;
        }

        Assert.InRange(accepted, 5, 8);
        Assert.Equal(20 - accepted, pair.Client.Counters[DtlsDropReason.SendQueueFull]);
        for (var i = 0; i < 20; i++)
        {
            pair.Client.TrySendApplicationData(new byte[1000]);
            pair.RunUntil(() => false);
        }

        Assert.True(pair.Server.Counters[DtlsDropReason.ReceiveQueueFull] > 0);
        Assert.Equal(DtlsState.Connected, pair.Server.State);
    }
}
