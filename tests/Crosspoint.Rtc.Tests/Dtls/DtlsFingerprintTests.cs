using Crosspoint.Rtc.Dtls;

namespace Crosspoint.Rtc.Tests.Dtls;

public class DtlsFingerprintTests
{
    private static readonly DtlsFingerprint Wrong = new("sha-256", new byte[32]);

    [Theory]
    [InlineData("sha-256", "AA:bb:0C", "aabb0c")]
    [InlineData("SHA-1", "00", "00")]
    public void A_fingerprint_is_read(string algorithm, string value, string bytes)
    {
        Assert.True(DtlsFingerprint.TryParse(algorithm, value, out var fingerprint));
        Assert.Equal(bytes, Convert.ToHexStringLower(fingerprint!.Bytes));
        Assert.Equal(value.ToUpperInvariant(), fingerprint.Value);
        Assert.Equal(algorithm.ToLowerInvariant(), fingerprint.Algorithm);
    }

    [Theory]
    [InlineData("sha-256", "")]
    [InlineData("sha-256", "A")]
    [InlineData("sha-256", "AA:")]
    [InlineData("sha-256", "AA:B")]
    [InlineData("sha-256", "AA-BB")]
    [InlineData("sha-256", "AG")]
    [InlineData("", "AA")]
    [InlineData("sha-256-and-then-some", "AA")]
    public void Nonsense_is_no_fingerprint(string algorithm, string value) => Assert.False(DtlsFingerprint.TryParse(algorithm, value, out _));

    [Fact]
    public void Fingerprints_may_come_after_the_handshake_and_until_then_there_are_no_keys()
    {
        using var pair = new DtlsPair().Start();
        Assert.True(pair.RunUntil(() => pair.Client.State == DtlsState.Verifying && pair.Server.State == DtlsState.Verifying));
        Assert.False(pair.Client.TryExportSrtpKeys(out _));
        Assert.False(pair.Server.TryExportSrtpKeys(out _));
        Assert.False(pair.Client.TrySendApplicationData(new byte[1]));
        pair.ExchangeFingerprints();
        Assert.True(pair.Connect());
        DtlsHandshakeTests.AssertSameKeys(pair);
    }

    [Fact]
    public void Fingerprints_that_never_come_are_not_waited_for_forever()
    {
        using var pair = new DtlsPair().Start();
        Assert.False(pair.Connect());
        Assert.Equal((DtlsState.Failed, DtlsCloseReason.HandshakeTimeout), (pair.Server.State, pair.Server.CloseReason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wrong_certificate_fails_the_handshake_with_an_alert(bool serverIsWrong)
    {
        using var pair = new DtlsPair();
        pair.Client.SetRemoteFingerprints([serverIsWrong ? Wrong : DtlsPair.ServerIdentity.Sha256]);
        pair.Server.SetRemoteFingerprints([serverIsWrong ? DtlsPair.ClientIdentity.Sha256 : Wrong]);
        pair.Start();
        Assert.False(pair.Connect());
        var (judge, judged) = serverIsWrong ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        Assert.Equal((DtlsState.Failed, DtlsCloseReason.FingerprintMismatch), (judge.State, judge.CloseReason));
        Assert.Equal((DtlsState.Failed, DtlsCloseReason.RemoteAlert), (judged.State, judged.CloseReason));
        Assert.False(judge.TryExportSrtpKeys(out _) || judged.TryExportSrtpKeys(out _));
    }

    [Fact]
    public void A_wrong_certificate_found_after_the_handshake_closes()
    {
        using var pair = new DtlsPair().Start();
        pair.Client.SetRemoteFingerprints([DtlsPair.ServerIdentity.Sha256]);
        Assert.True(pair.RunUntil(() => pair.Client.State == DtlsState.Connected && pair.Server.State == DtlsState.Verifying));
        pair.Server.SetRemoteFingerprints([Wrong]);
        Assert.Equal((DtlsState.Failed, DtlsCloseReason.FingerprintMismatch), (pair.Server.State, pair.Server.CloseReason));
        Assert.True(pair.RunUntil(() => pair.Client.State == DtlsState.Closed));
        Assert.Equal(DtlsCloseReason.RemoteClosed, pair.Client.CloseReason);
    }

    [Fact]
    public void A_sha1_fingerprint_proves_nothing()
    {
        using var pair = new DtlsPair().Start();
        Assert.True(pair.RunUntil(() => pair.Server.State == DtlsState.Verifying));
        pair.Server.SetRemoteFingerprints([new DtlsFingerprint("sha-1", new byte[20])]);
        Assert.Equal(DtlsCloseReason.FingerprintUnsupported, pair.Server.CloseReason);
    }

    [Fact]
    public void The_strongest_hash_counts_and_any_of_its_values_may_match()
    {
        using var pair = new DtlsPair().Start();
        Assert.True(pair.RunUntil(() => pair.Client.State == DtlsState.Verifying && pair.Server.State == DtlsState.Verifying));
        pair.Client.SetRemoteFingerprints([new DtlsFingerprint("sha-1", new byte[20]), Wrong, DtlsPair.ServerIdentity.Sha256]);
        Assert.Equal(DtlsState.Connected, pair.Client.State);
        pair.Server.SetRemoteFingerprints([DtlsPair.ClientIdentity.Sha256, new DtlsFingerprint("sha-512", new byte[64])]);
        Assert.Equal(DtlsCloseReason.FingerprintMismatch, pair.Server.CloseReason);
    }

    [Fact]
    public void Other_fingerprints_on_a_connected_session_are_judged_again()
    {
        using var pair = new DtlsPair().ExchangeFingerprints().Start();
        Assert.True(pair.Connect());
        pair.Client.SetRemoteFingerprints([DtlsPair.ServerIdentity.Sha256]);
        Assert.Equal(DtlsState.Connected, pair.Client.State);
        pair.Client.SetRemoteFingerprints([Wrong]);
        Assert.Equal(DtlsState.Failed, pair.Client.State);
        Assert.False(pair.Client.TryExportSrtpKeys(out _));
    }
}
