using BenchmarkDotNet.Attributes;
using Crosspoint.Rtc.Stun;

namespace Crosspoint.Micro.Rtc;

/// <summary>A connectivity check as Chrome sends it every few seconds, and as a flood brings it.</summary>
public class StunBenchmarks
{
    private static readonly byte[] Key = "0123456789abcdefghijklmn"u8.ToArray();

    private readonly byte[] _request = new byte[256];
    private readonly byte[] _into = new byte[256];
    private int _length;

    /// <summary>Writes what is read later.</summary>
    [GlobalSetup]
    public void SetUp() => _length = WriteTo(_request);

    /// <summary>Checks its layout and fingerprint.</summary>
    [Benchmark]
    public int Parse() => (int)StunMessage.Parse(_request.AsSpan(0, _length), out _);

    /// <summary>The user name alone, for a stranger.</summary>
    [Benchmark]
    public int ReadLocalFragment() => StunUsername.TryReadLocalFragment(_request.AsSpan(0, _length), out ReadOnlySpan<byte> fragment) ? fragment.Length : 0;

    /// <summary>Layout and MESSAGE-INTEGRITY.</summary>
    [Benchmark]
    public int ParseAndVerify() => StunMessage.TryParse(_request.AsSpan(0, _length), out StunMessage message) ? (int)StunIntegrity.VerifySha1(message, Key) : -1;

    /// <summary>Writes and signs it.</summary>
    [Benchmark]
    public int Write() => WriteTo(_into);

    private static int WriteTo(Span<byte> into)
    {
        StunWriter writer = new(into, StunClass.Request, StunMethod.Binding, new StunTransactionId(1, 2));
        writer.Add(StunAttributeType.Username, "abcdefgh:ijkl"u8);
        writer.AddUInt64(StunAttributeType.IceControlling, 42);
        writer.AddFlag(StunAttributeType.UseCandidate);
        writer.AddUInt32(StunAttributeType.Priority, 1_853_824_767);
        writer.AddMessageIntegrity(Key);
        writer.AddFingerprint();
        return writer.TryFinish(out int length) ? length : 0;
    }
}
