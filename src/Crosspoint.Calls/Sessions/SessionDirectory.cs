using Crosspoint.Calls.Limits;
using Crosspoint.Calls.Tokens;

namespace Crosspoint.Calls.Sessions;

/// <summary>Which device belongs to whom, on which socket, and how it may come back.</summary>
/// <remarks>Any thread; one lock, held for a few instructions. What follows from a change (leaving a room, closing a socket) is done by the caller, outside the lock.</remarks>
public sealed class SessionDirectory(RateRule[] rates, TimeSpan grace, TimeProvider time)
{
    // given to me
    private readonly RateRule[] _rates = rates;
    private readonly TimeSpan _grace = grace;
    private readonly TimeProvider _time = time;

    // state
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _byDevice = new(StringComparer.Ordinal);
    private readonly Dictionary<ResumeTokenHash, Session> _byToken = [];

    /// <summary>Sessions, attached or in grace.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byDevice.Count;
            }
        }
    }

    /// <summary>Binds a device to a user who proved to be it.</summary>
    /// <param name="connection">The socket it did so on.</param>
    /// <param name="userId">Who.</param>
    /// <param name="deviceId">Which device they claim.</param>
    /// <param name="replaced">The same user's earlier session of this device, now ended, and its socket if it had one.</param>
    /// <returns>The new session, or null when another user has the device.</returns>
    public Session? Open(Connection connection, string userId, string deviceId, out Replaced? replaced)
    {
        replaced = null;
        lock (_gate)
        {
            if (_byDevice.TryGetValue(deviceId, out Session? earlier))
            {
                if (!string.Equals(earlier.UserId, userId, StringComparison.Ordinal))
                {
                    return null;
                }

                replaced = new(earlier, earlier.Connection);
                Remove(earlier);
            }

            Session session = new(userId, deviceId, _rates, _time) { Connection = connection, Seen = connection.Seen };
            _byDevice[deviceId] = session;
            SetToken(session, connection.PendingResume);
            connection.Session = session;
            return session;
        }
    }

    /// <summary>Continues a session on a new socket. The token is used up whatever else happens.</summary>
    /// <param name="connection">The new socket.</param>
    /// <param name="presented">What the client showed.</param>
    /// <param name="deviceId">The device it says it is, or null.</param>
    /// <param name="displaced">The socket it had until now, if that was still open.</param>
    public Session? Resume(Connection connection, string presented, string? deviceId, out Connection? displaced)
    {
        displaced = null;
        lock (_gate)
        {
            if (!_byToken.Remove(ResumeToken.Hash(presented), out Session? session))
            {
                return null;
            }

            session.Resume = null;
            if (deviceId is not null && deviceId != session.DeviceId)
            {
                return null;
            }

            displaced = session.Connection;
            if (displaced is not null)
            {
                displaced.Session = null;
            }

            session.GraceTimer?.Dispose();
            session.GraceTimer = null;
            session.Connection = connection;
            connection.Session = session;
            connection.DeviceId = session.DeviceId;
            return session;
        }
    }

    /// <summary>Gives a connection's session (or the one it will have) its next resume token.</summary>
    public string RotateToken(Connection connection)
    {
        string token = ResumeToken.Create(out ResumeTokenHash hash);
        lock (_gate)
        {
            connection.PendingResume = hash;
            if (connection.Session is { HasEnded: false } session && session.Connection == connection)
            {
                SetToken(session, hash);
            }
        }

        return token;
    }

    /// <summary>A socket is gone. Its session, if it still is this socket's, waits for a resume or ends at once.</summary>
    /// <param name="connection">The socket.</param>
    /// <param name="forGood">True when the client will not come back: nothing to wait for.</param>
    /// <param name="onGraceOver">Called with the session when nobody came back; any thread.</param>
    /// <returns>The session and whether it has ended, or null when a newer socket has it.</returns>
    public Detached? Detach(Connection connection, bool forGood, Action<Session> onGraceOver)
    {
        lock (_gate)
        {
            Session? session = connection.Session;
            if (session is null || session.HasEnded || session.Connection != connection)
            {
                return null;
            }

            session.Connection = null;
            if (forGood || _grace <= TimeSpan.Zero || session.Resume is null)
            {
                Remove(session);
                return new(session, HasEnded: true);
            }

            session.GraceTimer = _time.CreateTimer(_ => EndGrace(session, onGraceOver), null, _grace, Timeout.InfiniteTimeSpan);
            return new(session, HasEnded: false);
        }
    }

    /// <summary>The socket a session is on now (null in grace), and whether the session has ended.</summary>
    public Connection? CurrentConnection(Session session, out bool hasEnded)
    {
        lock (_gate)
        {
            hasEnded = session.HasEnded;
            return session.Connection;
        }
    }

    private void EndGrace(Session session, Action<Session> onGraceOver)
    {
        lock (_gate)
        {
            if (session.HasEnded || session.Connection is not null)
            {
                return; // it came back while the timer fired
            }

            Remove(session);
        }

        onGraceOver(session);
    }

    private void Remove(Session session)
    {
        session.HasEnded = true;
        session.GraceTimer?.Dispose();
        session.GraceTimer = null;
        SetToken(session, null);
        if (_byDevice.TryGetValue(session.DeviceId, out Session? current) && current == session)
        {
            _byDevice.Remove(session.DeviceId);
        }

        if (session.Connection is { } connection)
        {
            connection.Session = null;
        }

        session.Connection = null;
    }

    private void SetToken(Session session, ResumeTokenHash? hash)
    {
        if (session.Resume is { } former)
        {
            _byToken.Remove(former);
        }

        session.Resume = hash;
        if (hash is { } current)
        {
            _byToken[current] = session;
        }
    }
}

/// <summary>An earlier session that a new one took the device from.</summary>
public sealed record Replaced(Session Session, Connection? Connection);

/// <summary>A session that lost its socket.</summary>
public sealed record Detached(Session Session, bool HasEnded);
