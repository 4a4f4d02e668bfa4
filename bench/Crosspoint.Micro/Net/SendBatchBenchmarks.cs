using BenchmarkDotNet.Attributes;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;

namespace Crosspoint.Micro.Net;

/// <summary>Laying out datagrams for the kernel, without the kernel.</summary>
public class SendBatchBenchmarks
{
    private const int Datagrams = 64;

    private readonly SendBatch _batch = new(Datagrams);

    /// <summary>Reserves and commits a full batch.</summary>
    [Benchmark(OperationsPerInvoke = Datagrams)]
    public int Fill()
    {
        TransportAddress to = TransportAddress.FromIPv4(0x0A00_0001, 5000);
        _batch.Clear();
        for (int i = 0; i < Datagrams; i++)
        {
            _batch.Reserve(1216);
            _batch.Commit(1200, to);
        }

        return _batch.Count;
    }
}
