using Crosspoint.Primitives;

namespace Crosspoint.Workers.Load;

/// <summary>
/// Says which worker gets a new room or transport: by what each measured of itself, and by what it was given since,
/// so that a storm does not fall on one worker before that worker's load shows it.
/// </summary>
/// <remarks>Any thread; never on a packet's way.</remarks>
/// <param name="workers">How many there are.</param>
/// <param name="loadOf">What a worker says of itself now.</param>
/// <param name="spreadAbove">A room gets transports on another worker when its own is this loaded, 0 to 1; above 1 never.</param>
internal sealed class Placement(int workers, Func<int, WorkerLoad> loadOf, double spreadAbove)
{
    // What is expected of a room and of a transport before they are measured: a handshake now, some media soon.
    private const double OfRoom = 0.02;
    private const double OfTransport = 0.005;
    private static readonly TimeSpan ForgottenOver = TimeSpan.FromSeconds(1);

    // Listeners may come before anybody speaks, when nothing can be measured yet: 200 of one room count as half a worker.
    private const double OfTransportInRoom = 0.0025;

    // Another worker must be clearly less loaded, because it costs a pipe; one that has the pipes already, less clearly.
    private const double WorthNewBranch = 0.2;
    private const double WorthBranch = 0.1;

    // Differences below this are noise; then the one with fewer rooms is taken.
    private const double Noise = 0.02;

    // Made by me.
    private readonly Lock _gate = new();
    private readonly double[] _recent = new double[workers];
    private readonly int[] _rooms = new int[workers];
    private Instant _agedAt = Instant.Zero;

    /// <summary>The worker for a new room; −1 when none has room.</summary>
    public int PlaceRoom(Instant now)
    {
        lock (_gate)
        {
            Age(now);
            int best = -1;
            for (int index = 0; index < workers; index++)
            {
                if (loadOf(index).HasRoom && (best < 0 || IsBetterForRoom(index, best)))
                {
                    best = index;
                }
            }

            if (best >= 0)
            {
                _rooms[best]++;
                _recent[best] += OfRoom;
            }

            return best;
        }
    }

    /// <summary>The room that was placed there is no more.</summary>
    public void ForgetRoom(int worker)
    {
        lock (_gate)
        {
            _rooms[worker]--;
        }
    }

    /// <summary>The worker for a new transport of a room; −1 when none has room.</summary>
    /// <param name="now">The present.</param>
    /// <param name="home">Where the room began.</param>
    /// <param name="transports">How many transports the room has on each worker.</param>
    public int PlaceTransport(Instant now, int home, ReadOnlySpan<int> transports)
    {
        lock (_gate)
        {
            Age(now);
            double atHome = loadOf(home).HasRoom ? Score(home, transports[home]) : double.PositiveInfinity;
            int best = double.IsFinite(atHome) && atHome <= spreadAbove ? home : BestBranch(home, atHome, transports);
            if (best >= 0)
            {
                _recent[best] += OfTransport;
            }

            return best;
        }
    }

    private int BestBranch(int home, double atHome, ReadOnlySpan<int> transports)
    {
        (int best, double bestScore) = (double.IsInfinity(atHome) ? -1 : home, atHome);
        for (int index = 0; index < workers; index++)
        {
            if (index == home || spreadAbove > 1 || !loadOf(index).HasRoom)
            {
                continue;
            }

            double score = Score(index, transports[index]) + (transports[index] > 0 ? WorthBranch : WorthNewBranch);
            if (score < bestScore)
            {
                (best, bestScore) = (index, score);
            }
        }

        return best;
    }

    private double Score(int worker, int transports) => loadOf(worker).Ratio + _recent[worker] + (transports * OfTransportInRoom);

    private bool IsBetterForRoom(int worker, int than)
    {
        double difference = Score(worker, 0) - Score(than, 0);
        return Math.Abs(difference) < Noise ? _rooms[worker] < _rooms[than] : difference < 0;
    }

    private void Age(Instant now)
    {
        if (now <= _agedAt)
        {
            return;
        }

        double kept = Math.Exp(-((now - _agedAt) / ForgottenOver));
        for (int index = 0; index < workers; index++)
        {
            _recent[index] *= kept;
        }

        _agedAt = now;
    }
}
