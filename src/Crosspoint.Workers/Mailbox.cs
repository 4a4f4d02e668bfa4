using System.Collections.Concurrent;

namespace Crosspoint.Workers;

/// <summary>Something to be done on a worker's thread.</summary>
internal abstract class WorkerCommand
{
    /// <summary>Runs on the worker's thread. An exception reaches the caller who waits, never the worker.</summary>
    public abstract void Execute(Worker worker);

    /// <summary>The worker stopped before it came to this, or has no room for it.</summary>
    public abstract void Abandon();

    /// <summary>True for what a TCP connection received: it waits apart, so that a flood of it does not delay commands.</summary>
    public virtual bool IsFrame => false;
}

/// <summary>The way into a worker from any thread: commands and frames queue up apart, the first one wakes it.</summary>
/// <remarks>Many writers, one reader.</remarks>
internal sealed class Mailbox(Action wake)
{
    // Callers wait for their answers, so this many commands only gather when the worker hangs. Frames are bounded by their connections.
    private const int MaxCommands = 1 << 16;

    private readonly ConcurrentQueue<WorkerCommand> _commands = new();
    private readonly ConcurrentQueue<WorkerCommand> _frames = new();
    private int _commandCount;
    private int _awake;
    private volatile bool _closed;

    /// <summary>How much waits. Any thread.</summary>
    public int Depth => _commands.Count + _frames.Count;

    /// <summary>True when something waits.</summary>
    public bool HasWork => !_commands.IsEmpty || !_frames.IsEmpty;

    /// <summary>Queues a command or a frame; after <see cref="Close"/>, or beyond all reason, it is abandoned at once.</summary>
    public void Post(WorkerCommand command)
    {
        if (_closed || !TryEnqueue(command))
        {
            command.Abandon();
            return;
        }

        if (Interlocked.Exchange(ref _awake, 1) == 0)
        {
            wake();
        }

        // Close may have drained between the check and the queueing.
        if (_closed)
        {
            AbandonAll();
        }
    }

    /// <summary>The next command. Worker thread only.</summary>
    public bool TryTake(out WorkerCommand command)
    {
        if (!_commands.TryDequeue(out command!))
        {
            return false;
        }

        Interlocked.Decrement(ref _commandCount);
        return true;
    }

    /// <summary>The next frame. Worker thread only.</summary>
    public bool TryTakeFrame(out WorkerCommand frame) => _frames.TryDequeue(out frame!);

    /// <summary>Before the worker looks into the queue: from here on a new command wakes it again.</summary>
    public void BeginDrain() => Interlocked.Exchange(ref _awake, 0);

    /// <summary>Refuses what comes and abandons what waits. Any thread.</summary>
    public void Close()
    {
        _closed = true;
        AbandonAll();
    }

    private bool TryEnqueue(WorkerCommand command)
    {
        if (command.IsFrame)
        {
            _frames.Enqueue(command);
            return true;
        }

        if (Interlocked.Increment(ref _commandCount) > MaxCommands)
        {
            Interlocked.Decrement(ref _commandCount);
            return false;
        }

        _commands.Enqueue(command);
        return true;
    }

    private void AbandonAll()
    {
        while (TryTake(out WorkerCommand command) || TryTakeFrame(out command))
        {
            command.Abandon();
        }
    }
}

/// <summary>A command whose answer somebody waits for.</summary>
internal sealed class WorkerCall<T>(Func<Worker, T> body) : WorkerCommand
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the worker has run the body.</summary>
    public Task<T> Answer => _answer.Task;

    public override void Execute(Worker worker)
    {
        try
        {
            _answer.TrySetResult(body(worker));
        }
        catch (Exception exception)
        {
            _answer.TrySetException(exception);
        }
    }

    public override void Abandon() => _answer.TrySetException(new WorkerStoppedException());
}

/// <summary>The worker has stopped; its routers and transports are gone.</summary>
public sealed class WorkerStoppedException() : Exception("The media worker has stopped.");
