using BenchmarkDotNet.Attributes;
using Crosspoint.Rtc.SFrame;

namespace Crosspoint.Micro.Rtc;

/// <summary>Frames through SFrame: an Opus frame and a video frame.</summary>
public class SFrameBenchmarks
{
    private readonly byte[] _plain = new byte[8000];
    private readonly byte[] _frame = new byte[8100];
    private readonly byte[] _sealed = new byte[8100];
    private readonly byte[] _text = new byte[8100];
    private SFrameKey _sending = null!;
    private SFrameKey _receiving = null!;
    private int _length;
    private ulong _counter;

    /// <summary>The cipher.</summary>
    [Params(SFrameSuite.Aes128CtrHmacSha256Tag80, SFrameSuite.Aes128GcmSha256Tag128, SFrameSuite.Aes256GcmSha512Tag128)]
    public SFrameSuite Suite { get; set; }

    /// <summary>Bytes of the frame.</summary>
    [Params(100, 8000)]
    public int Bytes { get; set; }

    /// <summary>Keys.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _sending = SFrameKey.ForSending(Suite, 0x40105, new byte[16]);
        _receiving = SFrameKey.ForReceiving(Suite, 0x40105, new byte[16]);
        _length = _sending.Encrypt(1000, [1], _plain.AsSpan(0, Bytes), _sealed);
    }

    /// <summary>Gives the ciphers back.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        _sending.Dispose();
        _receiving.Dispose();
    }

    /// <summary>Header, ciphertext, tag.</summary>
    [Benchmark]
    public int Encrypt() => _sending.Encrypt(++_counter, [1], _plain.AsSpan(0, Bytes), _frame);

    /// <summary>The same the other way.</summary>
    [Benchmark]
    public int Decrypt() => (int)_receiving.TryDecrypt(_sealed.AsSpan(0, _length), [1], _text, out _, out _);

    /// <summary>What the router reads of a frame.</summary>
    [Benchmark]
    public int ReadHeader() => SFrameHeader.TryRead(_sealed, isMinimal: true, out _, out int length) ? length : 0;
}
