using Crosspoint.Net.Udp.Linux;
using Crosspoint.Primitives;

namespace Crosspoint.Net.Udp;

/// <summary>
/// One UDP socket that moves datagrams in batches and knows nothing of what is in them. Nothing a peer or the network
/// does closes it or makes it throw; each loss is a counter in <see cref="Statistics"/>.
/// </summary>
/// <remarks>
/// One thread owns it and calls everything; only <see cref="Wake"/> may be called by any thread, also after disposal.
/// </remarks>
public abstract class UdpSocket : IDisposable
{
    /// <summary>The most messages a batch may hold.</summary>
    public const int MaxBatch = 256;

    private protected UdpSocketStatistics Counters;

    private protected UdpSocket(TransportAddress localAddress, NetworkCapabilities capabilities)
    {
        LocalAddress = localAddress;
        Capabilities = capabilities;
    }

    /// <summary>The bound address; the IP is unspecified for a socket on every interface.</summary>
    public TransportAddress LocalAddress { get; }

    /// <summary>What the system granted to this socket.</summary>
    public NetworkCapabilities Capabilities { get; }

    /// <summary>The counters, copied.</summary>
    public UdpSocketStatistics Statistics
    {
        get
        {
            ReadKernelDrops(ref Counters);
            return Counters;
        }
    }

    /// <summary>Opens and binds with the best implementation this system has.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">No port of the range is free, or the address is not ours.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="PlatformNotSupportedException">The Linux implementation is demanded and this is not a 64-bit Linux.</exception>
    public static UdpSocket Open(UdpSocketOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return (options.Implementation ?? (LinuxUdpSocket.IsSupported ? UdpImplementation.Linux : UdpImplementation.Portable)) switch
        {
            UdpImplementation.Portable => PortableUdpSocket.OpenPortable(options),
            _ when !LinuxUdpSocket.IsSupported => throw new PlatformNotSupportedException("recvmmsg and sendmmsg need a 64-bit Linux."),
            _ => LinuxUdpSocket.OpenLinux(options),
        };
    }

    /// <summary>
    /// Takes what is queued, without waiting, at most one batch. Returns the count of datagrams, which is 0 when there is nothing.
    /// Merging goes by the batch: give <see cref="DatagramBatch.For"/> ones always, or never.
    /// </summary>
    public abstract int Receive(DatagramBatch batch);

    /// <summary>
    /// Sends the batch and empties it. Returns how many datagrams the kernel took; the others are counted by reason.
    /// Waits for a full queue no longer than <see cref="UdpSocketOptions.SendStallLimit"/>.
    /// </summary>
    public abstract int Send(SendBatch batch);

    /// <summary>
    /// Blocks until there is something to receive, <see cref="Wake"/> is called, or the time is over.
    /// A wake-up before the wait is not lost. <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.
    /// </summary>
    public abstract WaitResult Wait(TimeSpan timeout);

    /// <summary>
    /// Blocks until <see cref="Wake"/> is called or the time is over, whatever comes in meanwhile: datagrams gather in the socket.
    /// An implementation that cannot wait for the one without the other returns at once.
    /// </summary>
    public abstract void Rest(TimeSpan time);

    /// <summary>Makes the current or the next <see cref="Wait"/> return; any thread, any number of times, cheap when already pending.</summary>
    public abstract void Wake();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the implementation holds.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>The socket itself where it can share its port; null otherwise.</summary>
    internal virtual System.Net.Sockets.Socket? Handle => null;

    private protected abstract void ReadKernelDrops(ref UdpSocketStatistics statistics);
}
