using System.Net;
using Crosspoint.Net.Udp;

namespace Crosspoint.Load.Floor;

/// <summary>Plain sockets that one thread empties every half millisecond, as the load engine does, and nothing else.</summary>
/// <remarks><see cref="Received"/> is for any thread.</remarks>
internal sealed class BareReceivers : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMicroseconds(500);

    private readonly UdpSocket[] _sockets;
    private readonly DatagramBatch _batch = new();
    private readonly Thread _thread;
    private volatile bool _stopping;
    private long _received;

    public BareReceivers(IPAddress address, int count)
    {
        _sockets = [.. Enumerable.Range(0, count).Select(_ => UdpSocket.Open(new UdpSocketOptions { Address = address, Offload = UdpOffload.Off, ReceiveBufferBytes = 8 << 20 }))];
        _thread = new Thread(Run) { Name = "bare-receivers", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Their ports.</summary>
    public IEnumerable<int> Ports => _sockets.Select(socket => (int)socket.LocalAddress.Port);

    /// <summary>Datagrams so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        foreach (UdpSocket socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private void Run()
    {
        while (!_stopping)
        {
            foreach (UdpSocket socket in _sockets)
            {
                int count = socket.Receive(_batch);
                Interlocked.Add(ref _received, count);
            }

            _sockets[0].Rest(LookInterval);
        }
    }
}
