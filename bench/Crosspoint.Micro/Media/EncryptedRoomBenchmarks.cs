using System.Net;
using BenchmarkDotNet.Attributes;
using Crosspoint.Micro.Support;
using Crosspoint.Net.Udp;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Micro.Media;

/// <summary>What it costs to look at every frame of an encrypted room: the same packets with and without, for each that comes in.</summary>
public class EncryptedRoomBenchmarks
{
    private readonly SendBatch _batch = new(256, 256 * 1500);
    private readonly SrtpBatch _crypto = new();
    private readonly List<ProtectingSink> _sinks = [];
    private UdpSocket? _socket;
    private UdpSocket? _receiver;
    private MicroRoom _clear = null!;
    private MicroRoom _sealed = null!;

    /// <summary>Who is sent the packet, encrypted for each.</summary>
    [Params(3, 25, 100)]
    public int Consumers { get; set; }

    /// <summary>Whether packets are sent too, over loopback to a socket that nobody reads: the kernel's part of sending them.</summary>
    public bool IsSent { get; set; }

    /// <summary>Two rooms.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        if (IsSent)
        {
            UdpSocketOptions options = new() { Address = IPAddress.Loopback, SendStallLimit = TimeSpan.Zero };
            (_socket, _receiver) = (UdpSocket.Open(options), UdpSocket.Open(options));
        }

        _clear = new MicroRoom(Consumers, Protecting);
        _sealed = new MicroRoom(Consumers, Protecting, isSealed: true);
    }

    /// <summary>Gives the ciphers back.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        _clear.Dispose();
        _sealed.Dispose();
        _sinks.ForEach(sink => sink.Dispose());
        _crypto.Dispose();
        _socket?.Dispose();
        _receiver?.Dispose();
    }

    /// <summary>Nothing is looked at.</summary>
    [Benchmark(Baseline = true)]
    public int Clear()
    {
        _clear.Forward();
        return Finish();
    }

    /// <summary>Each packet begins a frame, and is looked at.</summary>
    [Benchmark]
    public int Looked()
    {
        _sealed.Forward();
        return Finish();
    }

    private int Finish()
    {
        int done = _crypto.Complete();
        _socket?.Send(_batch);
        return done;
    }

    private ProtectingSink Protecting(int index)
    {
        TransportAddress remote = _receiver?.LocalAddress ?? TransportAddress.FromIPv4(0x0A00_0001, (ushort)(1000 + index));
        ProtectingSink sink = new(MicroKeys.Protector(SrtpProfile.AeadAes128Gcm, index), _batch, _crypto, remote);
        _sinks.Add(sink);
        return sink;
    }
}
