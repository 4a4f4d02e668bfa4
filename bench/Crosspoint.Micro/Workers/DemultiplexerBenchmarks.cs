using BenchmarkDotNet.Attributes;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Stun;
using Crosspoint.Workers;

namespace Crosspoint.Micro.Workers;

/// <summary>From a datagram to its transport, among a thousand.</summary>
public class DemultiplexerBenchmarks
{
    private const int Transports = 1000;

    private readonly Demultiplexer _demultiplexer = new();
    private readonly TransportAddress[] _sources = new TransportAddress[Transports];
    private readonly byte[] _check = new byte[128];
    private int _checkLength;
    private int _next;

    /// <summary>Transports without peers: only their place in the tables matters.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        WorkerPoolOptions options = new();
        for (int i = 0; i < Transports; i++)
        {
            WebRtcTransport transport = new(Instant.Zero, options, null!, null!, $"transport{i}", null!);
            _sources[i] = TransportAddress.FromIPv4(0x0A00_0000 + ((uint)i * 2_654_435_761 % 0x00FF_FFFF), (ushort)(1024 + i));
            _demultiplexer.Bind(_sources[i], transport);
            _demultiplexer.AddFragment($"fragment{i}", transport);
        }

        StunWriter writer = new(_check, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.Add(StunAttributeType.Username, "fragment500:abcd"u8);
        writer.TryFinish(out _checkLength);
    }

    /// <summary>By source address: every packet but a peer's first.</summary>
    [Benchmark]
    public int FindByAddress()
    {
        _next = (_next + 7) % Transports;
        return _demultiplexer.Find(_sources[_next]) is null ? 0 : 1;
    }

    /// <summary>By the user name of a check: a peer's first packet.</summary>
    [Benchmark]
    public int FindByUsername() => _demultiplexer.FindByUsername(_check.AsSpan(0, _checkLength)) is null ? 0 : 1;
}
