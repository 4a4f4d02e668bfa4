using System.Threading.Channels;

namespace Crosspoint.Calls.Rooms;

/// <summary>Runs pieces of work one after the other, so that what they touch needs no lock.</summary>
/// <remarks>
/// Any thread may put work in. The queue needs no bound of its own: a connection waits for each of its requests, so there is at most
/// one piece per socket, plus what the room's own timers and media plane report.
/// </remarks>
internal sealed class Mailbox(Action<Exception> onFault)
{
    private readonly Channel<Func<ValueTask>> _work = Channel.CreateUnbounded<Func<ValueTask>>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Starts the one reader; ends when the mailbox is closed and empty.</summary>
    internal Task RunAsync() => Task.Run(async () =>
    {
        await foreach (Func<ValueTask> piece in _work.Reader.ReadAllAsync())
        {
            try
            {
                await piece();
            }
            catch (Exception exception)
            {
                onFault(exception);
            }
        }
    });

    /// <summary>Puts work in and goes on; false when the mailbox is closed.</summary>
    internal bool Post(Func<ValueTask> work) => _work.Writer.TryWrite(work);

    /// <summary>Puts work in and waits for its result; <paramref name="whenClosed"/> when the mailbox is closed.</summary>
    internal Task<T> InvokeAsync<T>(Func<ValueTask<T>> work, T whenClosed)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool queued = Post(async () =>
        {
            try
            {
                result.SetResult(await work());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return queued ? result.Task : Task.FromResult(whenClosed);
    }

    /// <summary>Takes no more work; what is queued is still done.</summary>
    internal void Close() => _work.Writer.TryComplete();
}
