using BenchmarkDotNet.Attributes;
using Crosspoint.Micro.Support;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Micro.Media;

/// <summary>One packet to a hundred consumers; the figures are for each packet that leaves.</summary>
public class RouterBenchmarks
{
    private const int Consumers = 100;

    private readonly SendBatch _batch = new(256, 256 * 1500);
    private readonly SrtpBatch _crypto = new();
    private readonly List<ProtectingSink> _sinks = [];
    private MicroRoom _room = null!;
    private MicroRoom _layered = null!;
    private MicroRoom _thinned = null!;
    private MicroRoom _gcm = null!;
    private MicroRoom _cm = null!;
    private MicroRoom _adaptive = null!;
    private MicroRoom _adaptiveGcm = null!;

    /// <summary>Seven rooms.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _room = new MicroRoom(Consumers, _ => new NoOpSink());
        _layered = new MicroRoom(Consumers, _ => new NoOpSink(), temporalTarget: 2);
        _thinned = new MicroRoom(Consumers, _ => new NoOpSink(), temporalTarget: 1);
        _gcm = new MicroRoom(Consumers, index => Protecting(SrtpProfile.AeadAes128Gcm, index));
        _cm = new MicroRoom(Consumers, index => Protecting(SrtpProfile.Aes128CmHmacSha1Tag80, index));
        _adaptive = new MicroRoom(Consumers, _ => new NoOpSink(), isAdaptive: true);
        _adaptiveGcm = new MicroRoom(Consumers, index => Protecting(SrtpProfile.AeadAes128Gcm, index), isAdaptive: true);
    }

    /// <summary>Gives the ciphers back.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        _room.Dispose();
        _layered.Dispose();
        _thinned.Dispose();
        _gcm.Dispose();
        _cm.Dispose();
        _adaptive.Dispose();
        _adaptiveGcm.Dispose();
        _sinks.ForEach(sink => sink.Dispose());
        _crypto.Dispose();
    }

    /// <summary>The router alone: statistics, retransmission store, rewriting.</summary>
    [Benchmark(OperationsPerInvoke = Consumers)]
    public int FanOut()
    {
        _room.Forward();
        return Consumers;
    }

    /// <summary>A stream of three temporal layers, all of which everybody is sent.</summary>
    [Benchmark(OperationsPerInvoke = Consumers)]
    public int FanOutLayered()
    {
        _layered.Forward();
        return Consumers;
    }

    /// <summary>The same stream without its highest layer: half of the packets are left out, the others get other picture ids.</summary>
    [Benchmark(OperationsPerInvoke = Consumers)]
    public int FanOutThinned()
    {
        _thinned.Forward();
        return Consumers;
    }

    /// <summary>Two packets that changed places, to each.</summary>
    [Benchmark(OperationsPerInvoke = 2 * Consumers)]
    public int FanOutSwapped()
    {
        _room.ForwardSwapped();
        return Consumers;
    }

    /// <summary>The router with congestion control: numbers, pacing, the estimator, the subscribers' feedback and the allocator.</summary>
    [Benchmark(OperationsPerInvoke = Consumers)]
    public int FanOutAdaptive()
    {
        _adaptive.Forward();
        return Consumers;
    }

    /// <summary>The same and AES-GCM, into the send batch.</summary>
    [Benchmark(OperationsPerInvoke = Consumers)]
    public int FanOutAdaptiveGcm()
    {
        _adaptiveGcm.Forward();
        return _crypto.Complete();
    }

    /// <summary>Router and AES-GCM, into the send batch.</summary>
    [Benchmark(OperationsPerInvoke = Consumers)]
    public int FanOutProtectedGcm()
    {
        _gcm.Forward();
        return _crypto.Complete();
    }

    /// <summary>Router and AES-CM with HMAC-SHA1, into the send batch.</summary>
    [Benchmark(OperationsPerInvoke = Consumers)]
    public int FanOutProtectedCm()
    {
        _cm.Forward();
        return _crypto.Complete();
    }

    private ProtectingSink Protecting(SrtpProfile profile, int index)
    {
        ProtectingSink sink = new(MicroKeys.Protector(profile, index), _batch, _crypto, TransportAddress.FromIPv4(0x0A00_0001, (ushort)(1000 + index)));
        _sinks.Add(sink);
        return sink;
    }
}
