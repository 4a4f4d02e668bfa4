namespace Crosspoint.Workers.Pipes;

/// <summary>What one worker wants done to a room on another. Nobody waits for it.</summary>
/// <param name="router">The router there.</param>
/// <param name="body">What is to be done, on its worker's thread.</param>
/// <param name="orElse">Instead, when the router or its worker is closed by then; any thread.</param>
internal sealed class RouterCommand(HostedRouter router, Action<HostedRouter> body, Action? orElse) : WorkerCommand
{
    public override void Execute(Worker worker)
    {
        if (router.IsClosed)
        {
            orElse?.Invoke();
            return;
        }

        try
        {
            body(router);
            worker.Schedule(router);
        }
        catch (Exception exception)
        {
            worker.Fault(router, exception);
        }
    }

    public override void Abandon() => orElse?.Invoke();
}
