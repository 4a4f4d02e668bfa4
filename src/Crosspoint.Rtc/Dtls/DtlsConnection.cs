using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Crosspoint.Rtc.Crypto;
using Crosspoint.Rtc.Crypto.Native;
using Crosspoint.Rtc.Srtp;

namespace Crosspoint.Rtc.Dtls;

/// <summary>What an operation on a <see cref="DtlsConnection"/> came to.</summary>
internal enum DtlsStep
{
    /// <summary>Needs the next datagram.</summary>
    Pending,

    /// <summary>The handshake is complete, or data was read.</summary>
    Done,

    /// <summary>The peer sent close_notify.</summary>
    Closed,

    /// <summary>The peer sent a fatal alert.</summary>
    RemoteAlert,

    /// <summary>Fatal; our alert, if any, is among the output.</summary>
    Failed,
}

/// <summary>
/// OpenSSL's DTLS 1.2 between two memory BIOs: records in, records out, no time.
/// <para>
/// OpenSSL retransmits by the wall clock, and looks at it whenever it finds no more input during a handshake. Here the timer
/// callback says "expired" as soon as a flight is out, so that OpenSSL at once makes its retransmissions, with sequence numbers
/// and encryption of their own, and after <see cref="SpareCopies"/> of them "in an hour". They are set aside
/// (<see cref="SpareStarts"/>), and <see cref="DtlsSession"/> sends one whenever its own clock says so. A retransmission costs a
/// copy of a few hundred bytes; the signatures and key exchange in it are not made again.
/// </para>
/// </summary>
/// <remarks>Owned by one thread, its session's.</remarks>
internal sealed unsafe class DtlsConnection : IDisposable
{
    /// <summary>Retransmissions per flight; OpenSSL gives up after twelve. With 100 ms doubling to 2 s they last for 11 s.</summary>
    public const int SpareCopies = 8;

    private const uint Expired = 1; // µs
    private const uint NotExpired = uint.MaxValue; // µs: 71 minutes
    private const int MaxKeptOutput = 2048;
    private const int MinSendFragment = 512;
    private const int MaxSendFragment = 16384;
    private const int CertificateRejected = 28; // X509_V_ERR_CERT_REJECTED: sent as bad_certificate

    [ThreadStatic]
    private static DtlsConnection? t_current; // whom OpenSSL's callbacks speak to: they come synchronously, from inside our own calls

    // made by me
    private readonly SafeSslHandle _ssl;
    private readonly int[] _spareStarts = new int[SpareCopies];
    private readonly nint _readBio;
    private nint _writeBio; // replaced when it has grown

    // state
    private int _spareCount;

    public DtlsConnection(DtlsIdentity identity, DtlsRole role, DtlsSessionOptions options)
    {
        _ssl = new SafeSslHandle(identity.Context);
        _readBio = NewMemoryBio();
        _writeBio = NewMemoryBio();
        LibSsl.SSL_set_bio(_ssl, _readBio, _writeBio); // now the SSL owns them
        OpenSslException.ThrowIf(LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlSetLinkMtu, options.Mtu, null) == 0, "DTLS_set_link_mtu");
        LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlSetMaxSendFragment, Math.Clamp(options.Mtu, MinSendFragment, MaxSendFragment), null); // its buffer for a record is that long
        OpenSslException.ThrowIf(LibSsl.SSL_set_tlsext_use_srtp(_ssl, ProfileNames(options.Profiles)) != 0, "SSL_set_tlsext_use_srtp");
        LibSsl.DTLS_set_timer_cb(_ssl, &OnTimer);
        if (role == DtlsRole.Client)
        {
            LibSsl.SSL_set_connect_state(_ssl);
        }
        else
        {
            LibSsl.SSL_set_accept_state(_ssl);
        }
    }

    /// <summary>When set before the certificate comes, a wrong one ends the handshake with bad_certificate.</summary>
    public IReadOnlyList<DtlsFingerprint>? ExpectedFingerprints { get; set; }

    /// <summary>The peer's certificate, once it came.</summary>
    public DtlsPeerCertificate? Peer { get; private set; }

    /// <summary>What was found wrong with the certificate during the handshake.</summary>
    public DtlsCloseReason Verdict { get; private set; }

    /// <summary>Where in the output of the last operation the retransmissions begin; empty when it made no flight.</summary>
    public ReadOnlySpan<int> SpareStarts => _spareStarts.AsSpan(0, _spareCount);

    public bool HasExtendedMasterSecret => LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlGetExtendedMasterSecret, 0, null) == 1;

    public SrtpProfile SrtpProfile
    {
        get
        {
            var profile = LibSsl.SSL_get_selected_srtp_profile(_ssl);
            return profile is null ? SrtpProfile.None : (SrtpProfile)profile->Id;
        }
    }

    /// <summary>Puts one datagram where the next operation reads it.</summary>
    public void Feed(ReadOnlySpan<byte> datagram)
    {
        LibCrypto.BIO_ctrl(_readBio, LibCrypto.BioCtrlReset, 0, null); // a rest of the last one must not join this one
        fixed (byte* d = datagram)
        {
            OpenSslException.ThrowIf(LibCrypto.BIO_write(_readBio, d, datagram.Length) != datagram.Length, "BIO_write");
        }
    }

    public DtlsStep Handshake()
    {
        using var call = new Call(this);
        var result = LibSsl.SSL_do_handshake(_ssl);
        return result == 1 ? DtlsStep.Done : Explain(result);
    }

    /// <summary>Reads one record's data; also handles alerts and what else comes after the handshake.</summary>
    public DtlsStep Read(Span<byte> into, out int length)
    {
        using var call = new Call(this);
        fixed (byte* i = into)
        {
            var result = LibSsl.SSL_read(_ssl, i, into.Length);
            length = Math.Max(result, 0);
            return result > 0 ? DtlsStep.Done : Explain(result);
        }
    }

    public bool Write(ReadOnlySpan<byte> data)
    {
        using var call = new Call(this);
        fixed (byte* d = data)
        {
            return LibSsl.SSL_write(_ssl, d, data.Length) == data.Length;
        }
    }

    /// <summary>Sends close_notify.</summary>
    public void Shutdown()
    {
        using var call = new Call(this);
        LibSsl.SSL_shutdown(_ssl);
    }

    /// <summary>Takes the records that the last operation wrote.</summary>
    /// <param name="buffer">Replaced by a longer one if need be.</param>
    public int TakeOutput(ref byte[] buffer)
    {
        var pending = (int)LibCrypto.BIO_ctrl(_writeBio, LibCrypto.BioCtrlPending, 0, null);
        if (pending <= 0)
        {
            return 0;
        }

        if (buffer.Length < pending)
        {
            buffer = new byte[pending * 2];
        }

        fixed (byte* b = buffer)
        {
            var taken = Math.Max(0, LibCrypto.BIO_read(_writeBio, b, pending));
            if (pending > MaxKeptOutput)
            {
                // a BIO never gets smaller; a flight with its retransmissions would stay 10 KB for good
                _writeBio = NewMemoryBio();
                LibSsl.SSL_set0_wbio(_ssl, _writeBio);
            }

            return taken;
        }
    }

    /// <summary>RFC 5705 with the label of RFC 5764 §4.2.</summary>
    public bool TryExport(Span<byte> into)
    {
        using var call = new Call(this);
        var label = "EXTRACTOR-dtls_srtp"u8;
        fixed (byte* l = label, i = into)
        {
            return LibSsl.SSL_export_keying_material(_ssl, i, (nuint)into.Length, l, (nuint)label.Length, null, 0, 0) == 1;
        }
    }

    public void Dispose() => _ssl.Dispose();

    /// <summary>
    /// Stands in for OpenSSL's chain validation, which has nothing to say about self-signed certificates.
    /// Accepts what matches the expected fingerprints, or anything as long as there are none: then the session judges later.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int OnVerifyCertificate(nint store, nint argument)
    {
        try
        {
            if (t_current is { } connection && connection.Accepts(LibCrypto.X509_STORE_CTX_get0_cert(store)))
            {
                return 1;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // an exception must not cross native frames; refusing is the safe answer
        }

        LibCrypto.X509_STORE_CTX_set_error(store, CertificateRejected);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint OnTimer(nint ssl, uint duration) => t_current?.NextTimer(isFlightStart: duration == 0) ?? NotExpired;

    private static nint NewMemoryBio()
    {
        var bio = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        OpenSslException.ThrowIf(bio == 0, "BIO_new");
        LibCrypto.BIO_ctrl(bio, LibCrypto.BioCtrlSetMemEofReturn, -1, null); // empty means "later", not "end"
        return bio;
    }

    private static string ProfileNames(IReadOnlyList<SrtpProfile> profiles)
    {
        var names = new StringBuilder();
        foreach (var profile in profiles)
        {
            names.Append(names.Length == 0 ? "" : ":").Append(profile switch
            {
                SrtpProfile.Aes128CmHmacSha1Tag80 => "SRTP_AES128_CM_SHA1_80",
                SrtpProfile.AeadAes128Gcm => "SRTP_AEAD_AES_128_GCM",
                SrtpProfile.AeadAes256Gcm => "SRTP_AEAD_AES_256_GCM",
                _ => throw new ArgumentOutOfRangeException(nameof(profiles), profile, "not an SRTP profile we implement"),
            });
        }

        return names.ToString();
    }

    private bool Accepts(nint x509)
    {
        Peer = new DtlsPeerCertificate(x509);
        Verdict = ExpectedFingerprints is { } expected ? Peer.Judge(expected) : DtlsCloseReason.None;
        return Verdict == DtlsCloseReason.None;
    }

    // Called when a flight starts, then before each retransmission OpenSSL makes of it; all of the flight is in the BIO by then.
    private uint NextTimer(bool isFlightStart)
    {
        if (isFlightStart)
        {
            _spareCount = 0;
            return Expired;
        }

        if (_spareCount < SpareCopies)
        {
            _spareStarts[_spareCount++] = (int)LibCrypto.BIO_ctrl(_writeBio, LibCrypto.BioCtrlPending, 0, null);
        }

        return _spareCount < SpareCopies ? Expired : NotExpired;
    }

    private DtlsStep Explain(int result)
    {
        switch (LibSsl.SSL_get_error(_ssl, result))
        {
            case LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite:
                return DtlsStep.Pending;
            case LibSsl.ErrorZeroReturn:
                return DtlsStep.Closed;
            default:
                var reason = (int)(LibCrypto.ERR_peek_error() & 0x7F_FFFF);
                return reason is >= LibSsl.AlertReasonOffset and <= LibSsl.AlertReasonOffset + 255 ? DtlsStep.RemoteAlert : DtlsStep.Failed;
        }
    }

    /// <summary>
    /// Around every call that may call back: whom for, with an error queue that holds only its own errors, and with record buffers
    /// (18 KB, needed while a record is read or written) that the next call of any connection of this thread gets again from malloc.
    /// </summary>
    private readonly ref struct Call
    {
        private readonly DtlsConnection _connection;
        private readonly DtlsConnection? _outer;

        public Call(DtlsConnection connection)
        {
            LibCrypto.ERR_clear_error();
            _connection = connection;
            OpenSslException.ThrowIf(LibSsl.SSL_alloc_buffers(connection._ssl) != 1, "SSL_alloc_buffers");
            connection._spareCount = 0;
            _outer = t_current;
            t_current = connection;
        }

        public void Dispose()
        {
            t_current = _outer;
            LibCrypto.ERR_clear_error();
            LibSsl.SSL_free_buffers(_connection._ssl); // refused, and so kept, while a record is half read
        }
    }
}
