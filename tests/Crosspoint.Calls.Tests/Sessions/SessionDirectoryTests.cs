using System.Net;
using Crosspoint.Calls.Door;
using Crosspoint.Calls.Limits;
using Crosspoint.Calls.Options;
using Crosspoint.Calls.Sessions;

namespace Crosspoint.Calls.Tests.Sessions;

public class SessionDirectoryTests
{
    private readonly ManualTime _time = new();
    private readonly SessionDirectory _directory;
    private readonly List<Session> _over = [];

    public SessionDirectoryTests() => _directory = new(RateRule.Table(new()), TimeSpan.FromSeconds(15), _time);

    private Connection Connect() => new(IPAddress.Loopback, new Frames(_time), new LimitOptions(), RateRule.Table(new()), _time);

    private (Connection Connection, string Token, Session Session) SignIn(string user, string device)
    {
        Connection connection = Connect();
        string token = _directory.RotateToken(connection);
        return (connection, token, _directory.Open(connection, user, device, out _)!);
    }

    [Fact]
    public void A_session_waits_for_its_grace_period_and_then_ends_once()
    {
        (Connection connection, _, Session session) = SignIn("alice", "device");
        Assert.Equal(new(session, HasEnded: false), _directory.Detach(connection, forGood: false, _over.Add));
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Empty(_over);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Same(session, Assert.Single(_over));
        Assert.Equal(0, _directory.Count);
    }

    [Fact]
    public void Every_order_of_old_close_and_resume_leaves_the_new_socket_in_place()
    {
        foreach (bool closedFirst in (bool[])[true, false])
        {
            (Connection old, string token, Session session) = SignIn("alice", "device" + closedFirst);
            if (closedFirst)
            {
                _directory.Detach(old, forGood: false, _over.Add);
            }

            Connection renewed = Connect();
            Assert.Same(session, _directory.Resume(renewed, token, session.DeviceId, out Connection? displaced));
            Assert.Equal(closedFirst ? null : old, displaced);
            Assert.Null(_directory.Detach(old, forGood: true, _over.Add));
            _time.Advance(TimeSpan.FromSeconds(60));
            Assert.Same(renewed, _directory.CurrentConnection(session, out bool hasEnded));
            Assert.False(hasEnded);
        }

        Assert.Empty(_over);
    }

    [Fact]
    public void A_token_is_used_up_by_its_first_use_and_by_every_rotation()
    {
        (Connection connection, string first, Session session) = SignIn("alice", "device");
        string second = _directory.RotateToken(connection);
        Assert.Null(_directory.Resume(Connect(), first, "device", out _));
        Connection renewed = Connect();
        Assert.Same(session, _directory.Resume(renewed, second, "device", out _));
        Assert.Null(_directory.Resume(Connect(), second, "device", out _));
    }

    [Fact]
    public void A_device_is_bound_to_its_user_while_its_session_lives()
    {
        (Connection connection, _, _) = SignIn("alice", "device");
        Connection other = Connect();
        Assert.Null(_directory.Open(other, "mallory", "device", out _));
        _directory.Detach(connection, forGood: false, _over.Add);
        Assert.Null(_directory.Open(other, "mallory", "device", out _));
        _time.Advance(TimeSpan.FromSeconds(16));
        Assert.NotNull(_directory.Open(other, "mallory", "device", out _));
    }

    [Fact]
    public void The_same_user_takes_their_device_along_and_the_old_session_ends()
    {
        (Connection old, string token, Session session) = SignIn("alice", "device");
        Connection renewed = Connect();
        Session next = _directory.Open(renewed, "alice", "device", out Replaced? replaced)!;
        Assert.Equal(new(session, old), replaced);
        Assert.NotSame(session, next);
        Assert.Null(_directory.Resume(Connect(), token, "device", out _));
        Assert.Equal(1, _directory.Count);
    }

    [Fact]
    public void The_duplicate_window_forgets_its_oldest_beyond_its_size()
    {
        DuplicateWindow window = new();
        Task<Outcome> done = Task.FromResult(Outcome.Done);
        for (int index = 0; index <= DuplicateWindow.Size; index++)
        {
            window.Remember("m" + index, done);
        }

        Assert.False(window.TryGet("m0", out _));
        Assert.True(window.TryGet("m1", out _));
        Assert.True(window.TryGet("m" + DuplicateWindow.Size, out _));
    }

    [Fact]
    public void A_full_queue_closes_its_connection_and_never_waits()
    {
        Connection connection = new(IPAddress.Loopback, new Frames(_time), new LimitOptions { OutboundFrames = 16, OutboundBytes = 1000 }, RateRule.Table(new()), _time);
        for (int count = 0; count < 16; count++)
        {
            connection.Send(new byte[10]);
        }

        Assert.Null(connection.CloseRequested);
        connection.Send(new byte[10]);
        Assert.Equal(CloseRequest.SlowConsumer, connection.CloseRequested);

        Connection bytes = new(IPAddress.Loopback, new Frames(_time), new LimitOptions { OutboundFrames = 16, OutboundBytes = 1000 }, RateRule.Table(new()), _time);
        bytes.Send(new byte[1000]);
        bytes.Send(new byte[1]);
        Assert.Equal(CloseRequest.SlowConsumer, bytes.CloseRequested);
    }
}
