using System.Net;
using BenchmarkDotNet.Attributes;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Micro.Net;

/// <summary>Sixteen full datagrams over loopback, sent and received: mostly the kernel's cost, of which segmentation takes a part away.</summary>
public class UdpSocketBenchmarks
{
    private const int Datagrams = 16;
    private const int DatagramBytes = 1200;

    private readonly SendBatch _outgoing = new(Datagrams, Datagrams * 1500);
    private UdpSocket _sender = null!;
    private UdpSocket _receiver = null!;
    private DatagramBatch _incoming = null!;
    private TransportAddress _to;

    /// <summary>Datagrams in one kernel message.</summary>
    [Params(1, 4, 16)]
    public int Segments { get; set; }

    /// <summary>What the system grants, or nothing beyond sockets.</summary>
    [Params(UdpImplementation.Linux, UdpImplementation.Portable)]
    public UdpImplementation Implementation { get; set; }

    /// <summary>Two sockets.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        // A full queue, where others use the loopback too, is not waited for.
        UdpSocketOptions options = new() { Address = IPAddress.Loopback, Implementation = Implementation, SendStallLimit = TimeSpan.Zero };
        _sender = UdpSocket.Open(options);
        _receiver = UdpSocket.Open(options);
        _incoming = DatagramBatch.For(_receiver);
        _to = _receiver.LocalAddress;
    }

    /// <summary>Closes them.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    /// <summary>There and back out.</summary>
    [Benchmark(OperationsPerInvoke = Datagrams)]
    public int SendAndReceive()
    {
        for (int i = 0; i < Datagrams; i += Segments)
        {
            _outgoing.Reserve(Segments * DatagramBytes);
            _outgoing.Commit(Segments * DatagramBytes, DatagramBytes, _to, TransportAddress.None);
        }

        _sender.Send(_outgoing);
        int received = 0;
        for (int got = _receiver.Receive(_incoming); got > 0; got = _receiver.Receive(_incoming))
        {
            received += got;
        }

        return received;
    }
}
