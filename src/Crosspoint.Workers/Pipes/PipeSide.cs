using Crosspoint.Primitives;
using Crosspoint.Workers.Fairness;

namespace Crosspoint.Workers.Pipes;

/// <summary>The pipes of one worker: which of them have something to read, to show and to give back.</summary>
/// <remarks>Owned by one worker thread, except <see cref="Post"/>.</remarks>
internal sealed class PipeSide(Action wake, Agenda agenda, MediaGate media, Action<PipeEnd, Exception> fault)
{
    // Made by me.
    private readonly PipeInbox _inbox = new();
    private readonly List<PipeEnd> _written = [];
    private readonly List<PipeEnd> _read = [];

    /// <summary>An end of ours has something to receive. Any thread, once until it is taken.</summary>
    public void Post(PipeEnd end)
    {
        if (_inbox.Push(end))
        {
            wake();
        }
    }

    /// <summary>Routes what came through pipes, from each a bounded number of packets.</summary>
    public void Receive(Instant now)
    {
        PipeEnd? next = _inbox.TakeAll();
        while (next is { } end)
        {
            next = end.NextInInbox;
            end.NextInInbox = null;
            end.Unqueue();
            if (end.IsReady)
            {
                Receive(now, end);
            }
        }
    }

    /// <summary>The end wrote something; it is shown when the turn ends.</summary>
    public void NoteWritten(PipeEnd end)
    {
        if (!end.IsWritten)
        {
            end.IsWritten = true;
            _written.Add(end);
        }
    }

    /// <summary>Shows the other workers what was written for them, and wakes those who sleep: once a turn.</summary>
    public void Publish()
    {
        foreach (PipeEnd end in _written)
        {
            end.Publish();
        }

        _written.Clear();
    }

    /// <summary>The turn is over and nothing points into what was received any more.</summary>
    public void Release()
    {
        foreach (PipeEnd end in _read)
        {
            end.Release();
        }

        _read.Clear();
    }

    private void Receive(Instant now, PipeEnd end)
    {
        _read.Add(end);
        try
        {
            agenda.Mark(end.Router);
            if (end.Receive(now, media) && end.TryQueue())
            {
                Post(end);
            }
        }
        catch (Exception exception)
        {
            fault(end, exception);
        }
    }
}
