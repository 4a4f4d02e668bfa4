using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Crosspoint.Primitives;
using Crosspoint.Rtc.Dtls;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Tests.Dtls;

/// <summary>Against the openssl program over loopback UDP: the only test here with a real clock and a socket.</summary>
public sealed partial class DtlsOpenSslInteropTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("crosspoint-dtls");
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly byte[] _buffer = new byte[4096];
    private Process? _openssl;
    private EndPoint? _peer;

    private Instant Now => new(_clock.Elapsed.Ticks);

    [Fact]
    public void Our_client_and_s_server_export_the_same_keys()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = FreePort();
        _peer = new IPEndPoint(IPAddress.Loopback, port);
        var (certificate, key, fingerprint) = MakeCertificate();
        var output = Run($"s_server -dtls1_2 -accept 127.0.0.1:{port} -cert {certificate} -key {key} -Verify 1 " +
            "-use_srtp SRTP_AEAD_AES_256_GCM -keymatexport EXTRACTOR-dtls_srtp -keymatexportlen 88");
        Assert.Contains("ACCEPT", WaitFor(output, "ACCEPT"), StringComparison.Ordinal);
        using var session = new DtlsSession(_identity);
        session.SetRemoteFingerprints([fingerprint]);
        session.Start(Now, DtlsRole.Client);
        CompareKeys(session, output, SrtpProfile.AeadAes256Gcm);
    }

    [Fact]
    public void Our_server_and_s_client_export_the_same_keys()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var (certificate, key, fingerprint) = MakeCertificate();
        using var session = new DtlsSession(_identity, new DtlsSessionOptions { Mtu = 400 });
        session.SetRemoteFingerprints([fingerprint]);
        session.Start(Now, DtlsRole.Server);
        var output = Run($"s_client -dtls1_2 -connect 127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port} -cert {certificate} -key {key} " +
            "-use_srtp SRTP_AES128_CM_SHA1_80 -keymatexport EXTRACTOR-dtls_srtp -keymatexportlen 60");
        CompareKeys(session, output, SrtpProfile.Aes128CmHmacSha1Tag80);
    }

    public void Dispose()
    {
        if (_openssl is { HasExited: false })
        {
            _openssl.Kill();
        }

        _openssl?.Dispose();
        _socket.Dispose();
        _identity.Dispose();
        _directory.Delete(recursive: true);
    }

    [GeneratedRegex("Keying material: (?<material>[0-9A-F]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyingMaterial();

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private static string Text(List<string> output)
    {
        lock (output)
        {
            return string.Join('\n', output);
        }
    }

    private void CompareKeys(DtlsSession session, List<string> output, SrtpProfile profile)
    {
        Pump(session, () => session.State != DtlsState.Connecting);
        Assert.True(session.State == DtlsState.Connected, $"{session.State} {session.CloseReason}\n{Text(output)}");
        Assert.Equal(profile, session.NegotiatedProfile);
        Pump(session, () => KeyingMaterial().IsMatch(Text(output)));
        var match = KeyingMaterial().Match(Text(output));
        Assert.True(match.Success, Text(output));
        var exported = Convert.FromHexString(match.Groups["material"].Value);
        Assert.True(session.TryExportSrtpKeys(out var keys));
        using (keys)
        {
            var length = keys!.Send.Key.Length;
            var clientKey = exported.AsSpan(0, length);
            Assert.True(clientKey.SequenceEqual(keys.Send.Key) || clientKey.SequenceEqual(keys.Receive.Key));
            Assert.True(exported.AsSpan(length, length).SequenceEqual(clientKey.SequenceEqual(keys.Send.Key) ? keys.Receive.Key : keys.Send.Key));
        }

        session.Close(Now);
        Flush(session);
        Assert.Equal(DtlsState.Closed, session.State);
    }

    private void Pump(DtlsSession session, Func<bool> done)
    {
        _socket.Blocking = true;
        while (!done() && _clock.Elapsed < Patience)
        {
            Flush(session);
            if (session.NextTimeout <= Now)
            {
                session.HandleTimeout(Now);
            }
            else if (_socket.Poll(TimeSpan.FromMilliseconds(20), SelectMode.SelectRead))
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                var length = _socket.ReceiveFrom(_buffer, ref from);
                _peer = from;
                session.Handle(Now, _buffer.AsSpan(0, length));
            }
        }

        Flush(session);
    }

    private void Flush(DtlsSession session)
    {
        while (session.TryTransmit(Now, _buffer, out var length))
        {
            _socket.SendTo(_buffer.AsSpan(0, length), _peer!);
        }
    }

    private string WaitFor(List<string> output, string text)
    {
        SpinWait.SpinUntil(() => Text(output).Contains(text, StringComparison.Ordinal), Patience);
        return Text(output);
    }

    private (string Certificate, string Key, DtlsFingerprint Fingerprint) MakeCertificate()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=openssl", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(90));
        var (certificatePath, keyPath) = (Path.Combine(_directory.FullName, "c.pem"), Path.Combine(_directory.FullName, "k.pem"));
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportECPrivateKeyPem());
        return (certificatePath, keyPath, new DtlsFingerprint("sha-256", System.Security.Cryptography.SHA256.HashData(certificate.RawData)));
    }

    private List<string> Run(string arguments)
    {
        var output = new List<string>();
        var start = new ProcessStartInfo("openssl", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        _openssl = Process.Start(start)!;
        void Keep(object _, DataReceivedEventArgs e)
        {
            lock (output)
            {
                output.Add(e.Data ?? "");
            }
        }

        _openssl.OutputDataReceived += Keep;
        _openssl.ErrorDataReceived += Keep;
        _openssl.BeginOutputReadLine();
        _openssl.BeginErrorReadLine();
        return output;
    }
}
