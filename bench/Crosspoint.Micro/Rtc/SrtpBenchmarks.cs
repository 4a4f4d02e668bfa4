using BenchmarkDotNet.Attributes;
using Crosspoint.Micro.Support;
using Crosspoint.Rtc;
using Crosspoint.Rtc.Rtcp;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Micro.Rtc;

/// <summary>One full video packet through SRTP, and one report through SRTCP.</summary>
public class SrtpBenchmarks
{
    private const int BatchSize = 64;

    private readonly byte[] _plain = Pinned(MicroPackets.Rtp(new Ssrc(1), new PayloadType(96), MicroPackets.DeltaFrame, MicroPackets.VideoPayloadBytes));
    private readonly byte[] _into = GC.AllocateArray<byte>(BatchSize * 1500, pinned: true);
    private readonly byte[] _report = new byte[64];
    private readonly SrtpBatch _batch = new();
    private SrtpProtector[] _protectors = [];
    private SrtpUnprotector _unprotector = null!;
    private int _headerLength;
    private int _reportLength;
    private int _number;

    /// <summary>The cipher.</summary>
    [Params(SrtpProfile.AeadAes128Gcm, SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1Tag80)]
    public SrtpProfile Profile { get; set; }

    /// <summary>Who computes it: libipsec-mb where it is to be had, or OpenSSL.</summary>
    [Params(SrtpEngine.Auto, SrtpEngine.OpenSsl)]
    public SrtpEngine Engine { get; set; }

    /// <summary>Keys.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _headerLength = _plain.Length - MicroPackets.VideoPayloadBytes;
        _protectors = [.. Enumerable.Range(0, BatchSize).Select(seed => MicroKeys.Protector(Profile, seed, Engine))];
        _unprotector = MicroKeys.Unprotector(Profile, 0, Engine);
        RtcpWriter writer = new(_report);
        ReceiverReport.TryWrite(ref writer, new Ssrc(1), [new ReportBlock(new Ssrc(2), 0, 0, 1000, 0, default, default)]);
        _reportLength = writer.Length;
    }

    /// <summary>Gives the ciphers back.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        Array.ForEach(_protectors, protector => protector.Dispose());
        _unprotector.Dispose();
        _batch.Dispose();
    }

    /// <summary>Header and payload into another buffer.</summary>
    [Benchmark]
    public int Protect() => Protect(_protectors[0], _into);

    /// <summary>The same packet for 64 peers, each with its own key, completed together.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public int ProtectBatch()
    {
        Next();
        for (int i = 0; i < BatchSize; i++)
        {
            Span<byte> room = _into.AsSpan(i * 1500, 1500);
            _plain.AsSpan(0, _headerLength).CopyTo(room);
            _protectors[i].ProtectRtp(_batch, room, _headerLength, _plain.AsSpan(_headerLength));
        }

        return _batch.Complete();
    }

    /// <summary>There and back, in place; unprotecting alone is this less <see cref="Protect()"/>.</summary>
    [Benchmark]
    public int ProtectAndUnprotect()
    {
        int length = Protect(_protectors[0], _into);
        _unprotector.UnprotectRtp(_into.AsSpan(0, length), _headerLength, out int plain);
        return plain;
    }

    /// <summary>A packet under another key: what a forger costs.</summary>
    [Benchmark]
    public int RefuseForged()
    {
        int length = Protect(_protectors[1], _into);
        return (int)_unprotector.UnprotectRtp(_into.AsSpan(0, length), _headerLength, out _);
    }

    /// <summary>A receiver report with one block.</summary>
    [Benchmark]
    public int ProtectReport() => _protectors[0].ProtectRtcp(_report.AsSpan(0, _reportLength), _into);

    private int Protect(SrtpProtector protector, Span<byte> into)
    {
        Next();
        return protector.ProtectRtp(_plain.AsSpan(0, _headerLength), _plain.AsSpan(_headerLength), into);
    }

    private void Next() => MicroPackets.Number(_plain, ++_number);

    private static byte[] Pinned(byte[] bytes)
    {
        byte[] pinned = GC.AllocateArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned, 0);
        return pinned;
    }
}
