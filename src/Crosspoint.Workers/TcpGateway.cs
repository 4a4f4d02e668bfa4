using Crosspoint.Net.Tcp;
using Crosspoint.Primitives;

namespace Crosspoint.Workers;

/// <summary>
/// The TCP port that all workers share (RFC 6544): the user name of the first check says which worker a connection belongs to;
/// from then on its frames go into that worker's mailbox, and the worker sends through the connection's backlog.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class TcpGateway : IAsyncDisposable
{
    private readonly TcpListenerHost _listener;

    private TcpGateway(TcpListenerHost listener) => _listener = listener;

    /// <summary>The listener's own address.</summary>
    public TransportAddress LocalAddress => _listener.LocalAddress;

    /// <summary>Counters of the listener.</summary>
    public TcpListenerStatistics Statistics => _listener.Statistics;

    /// <summary>Binds a port of the workers' range and accepts.</summary>
    public static TcpGateway Open(WorkerPoolOptions options, FragmentDirectory directory) => new(TcpListenerHost.Start(
        options.Tcp with { Address = options.ListenAddress, MinPort = options.MinPort, MaxPort = options.MaxPort },
        (connection, firstFrame) => directory.Find(firstFrame) is { } worker ? new TcpRoute(worker, connection) : null));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();
}
