using System.Collections.Concurrent;

namespace Crosspoint.Workers;

/// <summary>Something to be done on a worker's thread.</summary>
internal abstract class WorkerCommand
{
    /// <summary>Runs on the worker's thread. An exception reaches the caller who waits, never the worker.</summary>
    public abstract void Execute(Worker worker);

    /// <summary>The worker stopped before it came to this.</summary>
    public abstract void Abandon();
}

/// <summary>The way into a worker from any thread: commands queue up, the first one wakes it.</summary>
/// <remarks>Many writers, one reader.</remarks>
internal sealed class Mailbox(Action wake)
{
    private readonly ConcurrentQueue<WorkerCommand> _queue = new();
    private int _awake;
    private volatile bool _closed;

    /// <summary>How much waits. Any thread.</summary>
    public int Depth => _queue.Count;

    /// <summary>True when something waits.</summary>
    public bool HasWork => !_queue.IsEmpty;

    /// <summary>Queues a command; after <see cref="Close"/> it is abandoned at once.</summary>
    public void Post(WorkerCommand command)
    {
        if (_closed)
        {
            command.Abandon();
            return;
        }

        _queue.Enqueue(command);
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
    public bool TryTake(out WorkerCommand command) => _queue.TryDequeue(out command!);

    /// <summary>Before the worker looks into the queue: from here on a new command wakes it again.</summary>
    public void BeginDrain() => Interlocked.Exchange(ref _awake, 0);

    /// <summary>Refuses what comes and abandons what waits. Any thread.</summary>
    public void Close()
    {
        _closed = true;
        AbandonAll();
    }

    private void AbandonAll()
    {
        while (_queue.TryDequeue(out WorkerCommand? command))
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
