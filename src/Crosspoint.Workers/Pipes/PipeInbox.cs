namespace Crosspoint.Workers.Pipes;

/// <summary>The pipe ends of one worker that have something to receive: a stack linked through the ends themselves.</summary>
/// <remarks>Any thread pushes, the worker takes all at once; so no end can be met twice, and nothing is allocated.</remarks>
internal sealed class PipeInbox
{
    private PipeEnd? _top;

    /// <summary>Adds an end that is in no inbox; true when there was none before.</summary>
    public bool Push(PipeEnd end)
    {
        while (true)
        {
            PipeEnd? top = Volatile.Read(ref _top);
            end.NextInInbox = top;
            if (Interlocked.CompareExchange(ref _top, end, top) == top)
            {
                return top is null;
            }
        }
    }

    /// <summary>All of them, linked; null when there is none. Worker thread only.</summary>
    public PipeEnd? TakeAll() => Volatile.Read(ref _top) is null ? null : Interlocked.Exchange(ref _top, null);
}
