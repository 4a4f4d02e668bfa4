using BenchmarkDotNet.Attributes;
using Crosspoint.Media;
using Crosspoint.Micro.Support;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Srtp;
using Crosspoint.Workers;

namespace Crosspoint.Micro.Workers;

/// <summary>A turn's packets gathered by transport and cut into kernel messages: a frame of five packets to fifty peers.</summary>
public class FlightBenchmarks
{
    private const int Transports = 50;
    private const int Packets = 5;

    private readonly Flight _flight = new();
    private readonly byte[] _header = new byte[24];
    private readonly byte[] _payload = GC.AllocateArray<byte>(MicroPackets.VideoPayloadBytes, pinned: true);
    private WebRtcTransport[] _transports = [];

    /// <summary>Transports without peers: only their chains matter.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        WorkerPoolOptions options = new();
        _transports = [.. Enumerable.Range(0, Transports).Select(i => new WebRtcTransport(Instant.Zero, options, null!, null!, $"transport{i}", null!))];
    }

    /// <summary>Packets come in the order of the frame and leave in the order of the peers.</summary>
    [Benchmark(OperationsPerInvoke = Transports * Packets)]
    public int GatherAndTake()
    {
        for (int packet = 0; packet < Packets; packet++)
        {
            foreach (WebRtcTransport transport in _transports)
            {
                _flight.TryAdd(transport, _header, default, _payload.AsSpan(0, MicroPackets.VideoPayloadBytes - packet), PayloadTraits.Stays | PayloadTraits.MayBePadded);
            }
        }

        int messages = 0;
        foreach (WebRtcTransport transport in _flight.Transports)
        {
            for (int next = transport.Departing.First; next >= 0; messages++)
            {
                next = FlightMessage.Take(_flight, next, SrtpProfileParameters.MaxRtpExpansion).End;
            }
        }

        _flight.Clear();
        return messages;
    }
}
