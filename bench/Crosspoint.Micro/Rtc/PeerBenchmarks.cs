using BenchmarkDotNet.Attributes;
using Crosspoint.Micro.Support;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Peer;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Micro.Rtc;

/// <summary>One media packet through a whole peer: classified, its path checked, unprotected; or protected for sending.</summary>
public class PeerBenchmarks
{
    private readonly byte[] _plain = MicroPackets.Rtp(new Ssrc(1), new PayloadType(96), MicroPackets.DeltaFrame, MicroPackets.VideoPayloadBytes);
    private readonly byte[] _into = GC.AllocateArray<byte>(2048, pinned: true);
    private MicroPeers _peers = null!;
    private int _headerLength;
    private int _number;

    /// <summary>The cipher.</summary>
    [Params(SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmHmacSha1Tag80)]
    public SrtpProfile Profile { get; set; }

    /// <summary>Two connected peers.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _peers = new MicroPeers(Profile);
        _headerLength = _plain.Length - MicroPackets.VideoPayloadBytes;
    }

    /// <summary>Gives them back.</summary>
    [GlobalCleanup]
    public void CleanUp() => _peers.Dispose();

    /// <summary>The client sends.</summary>
    [Benchmark]
    public int Protect()
    {
        MicroPackets.Number(_plain, ++_number);
        return _peers.Client.Session.ProtectRtp(_plain.AsSpan(0, _headerLength), _plain.AsSpan(_headerLength), _into);
    }

    /// <summary>The client sends and the server receives; receiving alone is this less <see cref="Protect"/>.</summary>
    [Benchmark]
    public int ProtectAndHandle()
    {
        int length = Protect();
        return _peers.HandleAtServer(_into.AsSpan(0, length), out int plain) == PeerInput.Rtp ? plain : -1;
    }

    /// <summary>The server gets a packet that it has had.</summary>
    [Benchmark]
    public int RefuseReplayed()
    {
        int length = Protect();
        _peers.HandleAtServer(_into.AsSpan(0, length), out _);
        return (int)_peers.HandleAtServer(_into.AsSpan(0, length), out _);
    }
}
